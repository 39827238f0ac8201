import t from 'tap'
import { type ConnectionInfo, type ConnectPacket, type Hooks, MqttError } from '../../lib/index.js'
import { Authentication } from '../../middlewares/index.js'
import { each } from '../support/each.js'
import { FakeClient } from '../support/fake-client.js'
import { type FakeHandler, FakeStack } from '../support/fake-stack.js'
import { connect, hello, refusal } from '../support/requests.js'
import { scenario, scenarios, versions } from '../support/scenario.js'

async function setup(authenticateConnection?: FakeHandler, allowAnonymous?: boolean) {
  const stack = new FakeStack(authenticateConnection && { authenticateConnection })
  const middleware = await stack.host(new Authentication({ allowAnonymous }))
  const enter = (options: Partial<ConnectPacket> = {}, info: ConnectionInfo = {}) => {
    const client = new FakeClient(stack, { state: 'new', info })
    return middleware.handle(client.client, connect(options))
  }
  /** `in`, or the name of the reason. */
  const judge = async (options: Partial<ConnectPacket> = {}, info: ConnectionInfo = {}) => {
    try {
      await enter(options, info)
      return 'in'
    } catch (err) {
      return (err as MqttError).reasonName
    }
  }
  return { stack, enter, judge }
}

const ann = { username: 'ann', password: Buffer.from('secret') }
const valid: FakeHandler = (_ctx, store) => {
  store.valid = true
}

t.test('the handler gets user name and password and lets in by store.valid', async t => {
  const { stack, enter } = await setup(({ username, password }, store) => {
    store.valid = username === 'ann' && String(password) === 'secret'
  })
  t.equal(enter(ann), undefined, 'at once when the handler is')
  each(t, stack.of('authenticateConnection'), [{ username: 'ann', packet: { cmd: 'connect' } }])
  const wrong = await refusal(() => enter({ ...ann, password: Buffer.from('?') }))
  t.equal(wrong.reasonName, 'BadUserNameOrPassword')
})

t.test('an asynchronous handler is waited for', async t => {
  const { enter, judge } = await setup(async ({ username }, store) => {
    await null
    store.valid = username === 'ann'
  })
  t.ok(enter(ann) instanceof Promise)
  t.same([await judge(ann), await judge({ username: 'bob' })], ['in', 'BadUserNameOrPassword'])
})

t.test('a handler that throws or rejects decides on the reason', async t => {
  const banned = () => {
    throw new MqttError('Banned')
  }
  const busy = () => Promise.reject(new MqttError('ServerBusy'))
  t.equal(await (await setup(banned)).judge(ann), 'Banned')
  t.equal(await (await setup(busy)).judge(ann), 'ServerBusy')
})

t.test('a handler that says nothing lets nobody with credentials in', async t => {
  const { judge } = await setup(() => {})
  t.equal(await judge(ann), 'BadUserNameOrPassword')
  t.equal(await judge({ username: 'ann' }), 'BadUserNameOrPassword')
  t.equal(await judge({ password: Buffer.from('x') }), 'BadUserNameOrPassword')
})

t.test('credentials that nobody looks at are not wrong: who has them counts as anonymous', async t => {
  const open = await setup(undefined, true)
  t.equal(await open.judge(ann, {}), 'in')
  const local = await setup(undefined, undefined)
  t.equal(await local.judge(ann, { local: true }), 'in')
  t.equal(await local.judge(ann, {}), 'NotAuthorized')
})

t.test('by default those of this machine may be anonymous while nobody authenticates', async t => {
  const open = await setup()
  t.equal(await open.judge({}, { local: true }), 'in')
  t.equal(await open.judge({}, { local: false }), 'NotAuthorized')
  t.equal(await open.judge({}), 'NotAuthorized', 'a stream of unknown origin is not local')
  const guarded = await setup(() => {})
  t.equal(await guarded.judge({}, { local: true }), 'NotAuthorized')
})

t.test('the option decides over the default, the listener over the option', async t => {
  for (const option of [true, false]) {
    const { judge } = await setup(() => {}, option)
    t.equal(await judge({}, { local: true }), option ? 'in' : 'NotAuthorized')
    t.equal(await judge({}, { allowAnonymous: !option }), option ? 'NotAuthorized' : 'in')
  }
})

t.test('a handler may let an anonymous client in, or keep one out that is allowed', async t => {
  t.equal(await (await setup(valid)).judge(), 'in', 'by its certificate, say')
  const strict = await setup((_ctx, store) => {
    store.valid = false
  }, true)
  t.equal(await strict.judge(), 'NotAuthorized')
})

const throwing: Record<string, () => never> = {
  busy: () => {
    throw new MqttError('ServerBusy')
  },
  moved: () => {
    throw new MqttError('UseAnotherServer', 'go there', { serverReference: 'other' })
  },
  fault: () => {
    throw new Error('the data base is down')
  }
}
const hooks: Hooks = {
  authenticateConnection: ({ username }) => throwing[username ?? '']?.()
}

scenarios(
  versions,
  'a refused client is told why, then the connection ends [5.0 MQTT-3.2.2-7]',
  { hooks },
  async ({ peer }, t, version) => {
    const outcome = async (username?: string) => {
      const one = peer(version)
      const { returnCode, reasonCode } = await one.connect(username === undefined ? {} : { username })
      await one.end()
      return version === 5 ? reasonCode : returnCode
    }
    t.equal(await outcome('ann'), version === 5 ? 0x86 : 4)
    t.equal(await outcome(), version === 5 ? 0x87 : 5)
    t.equal(await outcome('busy'), version === 5 ? 0x89 : 3)
  }
)

scenarios(
  [3, 4] as const,
  'what MQTT 3 has no code for is closed without a word [3.1.1 MQTT-3.2.2-6]',
  { hooks },
  async ({ peer }, t, version) => {
    const one = peer(version)
    one.send(hello(version, { username: 'fault' }))
    t.equal(await one.ending(), 'closed')
  }
)

scenario('our own faults stay our secret: 0x80 and no text', { hooks }, async ({ peer, errors }, t) => {
  const one = peer(5)
  const { reasonCode, properties } = await one.connect({ username: 'fault' })
  t.equal(reasonCode, 0x80)
  t.notMatch(properties?.reasonString ?? '', /data base/)
  each(t, errors, [/data base/])
  await one.end()
})

scenario('a refusal may name another server [5.0 MQTT-3.2.2-8]', { hooks }, async ({ peer }, t) => {
  const one = peer(5)
  const { reasonCode, properties } = await one.connect({ username: 'moved' })
  t.equal(reasonCode, 0x9c)
  t.match(properties, { serverReference: 'other', reasonString: 'go there' })
  await one.end()
})

import t from 'tap'
import { type AuthPacket, DONE, MqttError } from '../../lib/index.js'
import { Authentication } from '../../middlewares/index.js'
import { each } from '../support/each.js'
import { FakeClient } from '../support/fake-client.js'
import { type FakeHandler, FakeStack } from '../support/fake-stack.js'
import { connect, Gate, refusal } from '../support/requests.js'

/** `again` asks for another round, `ok` is right. */
const words: FakeHandler = ({ data }, store) => {
  const word = String(data)
  if (word === 'again') Object.assign(store, { outcome: 'continue', data: Buffer.from('more?') })
  if (word === 'ok') Object.assign(store, { outcome: 'success', data: Buffer.from('welcome') })
  if (word === 'bad') throw new MqttError('NotAuthorized')
}

async function setup(handler: FakeHandler = words) {
  const stack = new FakeStack({ authenticateExchange: handler })
  const middleware = await stack.host(new Authentication())
  const client = new FakeClient(stack, { state: 'new' })
  client.connack = { cmd: 'connack', sessionPresent: false, reasonCode: 0, properties: {} }
  const begin = (data: string, authenticationMethod = 'WORDS') => {
    const properties = { authenticationMethod, authenticationData: Buffer.from(data) }
    return middleware.handle(client.client, connect({ properties }))
  }
  const auth = (reasonCode: number, data?: string, authenticationMethod: string | undefined = 'WORDS') => {
    const authenticationData = data === undefined ? {} : { authenticationData: Buffer.from(data) }
    const properties = { ...(authenticationMethod && { authenticationMethod }), ...authenticationData }
    const packet: AuthPacket = { cmd: 'auth', reasonCode, properties }
    return middleware.handle(client.client, packet)
  }
  /** What Connection does when the rest of the stack has agreed. */
  const accepted = () => {
    client.state = 'connected'
    client.connack = null
  }
  return { stack, middleware, client, begin, auth, accepted }
}

t.test('no round: CONNECT goes on, method and data are in CONNACK [5.0 MQTT-4.12.0-5]', async t => {
  const { stack, client, begin } = await setup()
  t.equal(begin('ok'), undefined)
  t.same(client.sent, [], 'no AUTH')
  t.same(client.connack?.properties, {
    authenticationMethod: 'WORDS',
    authenticationData: Buffer.from('welcome')
  })
  each(t, stack.of('authenticateExchange'), [{ method: 'WORDS', phase: 'connect', round: 0 }])
  t.same(stack.of('authenticateConnection'), [], 'user name and password are not asked for')
})

t.test(
  'several rounds: AUTH 0x18 with method and data, then the CONNECT goes on [5.0 MQTT-4.12.0-2]',
  async t => {
    const { stack, middleware, client, begin, auth } = await setup()
    t.equal(begin('again'), DONE, 'CONNECT is stopped')
    t.equal(auth(0x18, 'again'), DONE)
    t.equal(await auth(0x18, 'ok'), DONE)
    const asked = { authenticationMethod: 'WORDS', authenticationData: Buffer.from('more?') }
    t.same(client.sent, [
      { cmd: 'auth', reasonCode: 0x18, properties: asked },
      { cmd: 'auth', reasonCode: 0x18, properties: asked }
    ])
    t.same(
      stack.of('authenticateExchange').map(({ round }) => round),
      [0, 1, 2]
    )
    each(t, stack.of('proceed'), [{ client, packet: { cmd: 'connect' }, from: middleware }])
    t.match(client.connack?.properties, { authenticationMethod: 'WORDS' })
  }
)

t.test('AUTH is under way until the CONNECT is through', async t => {
  const { stack, begin, auth } = await setup()
  const gate = new Gate()
  stack.proceed = (_client, _packet, _from, done) => void gate.passed.then(done)
  begin('again')
  let over = false
  const going = Promise.resolve(auth(0x18, 'ok')).then(() => {
    over = true
  })
  await new Promise(setImmediate)
  t.equal(over, false)
  gate.open()
  await going
})

t.test('a method that nobody knows is refused with 0x8C [5.0 MQTT-4.12.0-1]', async t => {
  const { stack, begin } = await setup(() => {})
  t.match(await refusal(() => begin('ok')), { reasonName: 'BadAuthenticationMethod', fatal: true })
  delete stack.handlers.authenticateExchange
  t.match(await refusal(() => begin('ok')), { reasonName: 'BadAuthenticationMethod' })
})

t.test('a handler refuses by throwing, in the first round and later [5.0 MQTT-4.12.0-4]', async t => {
  const { begin, auth } = await setup()
  t.equal((await refusal(() => begin('bad'))).reasonName, 'NotAuthorized')
  begin('again')
  t.equal((await refusal(() => auth(0x18, 'bad'))).reasonName, 'NotAuthorized')
})

t.test('AUTH without a method in CONNECT is a protocol error [5.0 MQTT-4.12.0-7]', async t => {
  const { middleware, client, auth } = await setup()
  client.info.allowAnonymous = true
  middleware.handle(client.client, connect())
  for (const code of [0x18, 0x19]) {
    t.equal((await refusal(() => auth(code))).reasonName, 'ProtocolError')
  }
})

t.test(
  'AUTH without anything says success, which is not for a client to say [5.0 MQTT-3.15.2-1]',
  async t => {
    const { middleware, client, begin } = await setup()
    begin('again')
    const err = await refusal(() => middleware.handle(client.client, { cmd: 'auth', reasonCode: 0 }))
    t.equal(err.reasonName, 'ProtocolError')
  }
)

t.test('AUTH has the method of CONNECT [5.0 MQTT-4.12.0-5] [5.0 MQTT-4.12.1-1]', async t => {
  const { begin, auth, accepted } = await setup()
  begin('again')
  for (const method of ['OTHER', '']) {
    t.equal((await refusal(() => auth(0x18, 'ok', method))).reasonName, 'ProtocolError')
  }
  await auth(0x18, 'ok')
  accepted()
  t.equal((await refusal(() => auth(0x19, 'ok', 'OTHER'))).reasonName, 'ProtocolError')
})

t.test('0x18 goes on with an exchange that is open; nothing else does [5.0 MQTT-4.12.0-3]', async t => {
  const { begin, auth, accepted } = await setup()
  begin('again')
  for (const code of [0x00, 0x19]) {
    t.equal((await refusal(() => auth(code, 'ok'))).reasonName, 'ProtocolError', `${code} before CONNACK`)
  }
  await auth(0x18, 'ok')
  accepted()
  for (const code of [0x00, 0x18]) {
    t.equal((await refusal(() => auth(code, 'ok'))).reasonName, 'ProtocolError', `${code} when it is over`)
  }
})

t.test('the exchange is over after CONNECT alone, too: its CONNECT does not run twice', async t => {
  const { stack, begin, auth, accepted } = await setup()
  begin('ok')
  accepted()
  t.equal((await refusal(() => auth(0x18, 'ok'))).reasonName, 'ProtocolError')
  t.same(stack.of('proceed'), [])
})

t.test('a connected client authenticates again, after any number of rounds [5.0 MQTT-4.12.1-1]', async t => {
  for (const first of ['ok', 'again']) {
    const { stack, client, begin, auth, accepted } = await setup()
    begin(first)
    if (first === 'again') await auth(0x18, 'ok')
    accepted()
    client.sent.length = 0
    t.equal(auth(0x19, 'ok'), DONE)
    each(t, client.sent, [{ cmd: 'auth', reasonCode: 0, properties: { authenticationMethod: 'WORDS' } }])
    auth(0x19, 'again')
    t.match(stack.of('authenticateExchange').at(-1), { phase: 'reauthenticate', round: 0 })
    t.equal((await refusal(() => auth(0x19, 'ok'))).reasonName, 'ProtocolError', 'one at a time')
    auth(0x18, 'ok')
    t.match(stack.of('authenticateExchange').at(-1), { phase: 'reauthenticate', round: 1 })
    t.same(
      client.sent.map(({ reasonCode }) => reasonCode),
      [0, 0x18, 0]
    )
    t.same(stack.of('proceed').length, first === 'again' ? 1 : 0, 'the CONNECT is not run again')
  }
})

t.test(
  'what fails while connected is refused with a code that DISCONNECT has [5.0 MQTT-4.12.1-2]',
  async t => {
    const { begin, auth, accepted } = await setup()
    begin('ok')
    accepted()
    t.equal((await refusal(() => auth(0x19, '?'))).reasonName, 'NotAuthorized')
  }
)

t.test('a client that left during a round is not taken further', async t => {
  const gate = new Gate()
  const { stack, client, begin, auth } = await setup(async ({ data }, store) => {
    store.outcome = String(data) === 'ok' ? 'success' : 'continue'
    if (store.outcome === 'success') await gate.passed
  })
  await begin('again')
  const answering = auth(0x18, 'ok')
  client.state = 'closed'
  gate.open()
  t.equal(await answering, DONE)
  t.same(stack.of('proceed'), [])
})

t.test('who replaces it goes on with the exchanges that are open', async t => {
  const { stack, middleware: old, client, begin } = await setup()
  begin('again')
  const middleware = await stack.host(new Authentication())
  middleware.importState(old.exportState() as never)
  const properties = { authenticationMethod: 'WORDS', authenticationData: Buffer.from('ok') }
  await middleware.handle(client.client, { cmd: 'auth', reasonCode: 0x18, properties })
  each(t, stack.of('proceed'), [{ client, from: middleware }])
})

import t from 'tap'
import { type Client, DONE, type Hooks, Middleware, type Packet, Reason, Stack } from '../../lib/index.js'
import { each } from '../support/each.js'
import { Peer } from '../support/peer.js'
import { fromClients, letIn } from '../support/tiny.js'

async function running(...middlewares: Hooks[]) {
  const errors: Error[] = []
  const stack = await new Stack({ onError: err => errors.push(err) }).use(...middlewares).start()
  t.teardown(() => stack.stop())
  return { stack, errors }
}

t.test('a plain object handles each of the eleven packets by its name, before and after others', async t => {
  t.equal(fromClients.length, 11)
  const seen: string[] = []
  const named = (name: string) =>
    Object.fromEntries([
      ['name', name],
      ...fromClients.map(({ cmd }) => [
        cmd,
        (_client: Client, packet: Packet) => void seen.push(`${name} ${cmd} ${packet.cmd}`)
      ])
    ]) as Hooks
  class Whole extends Middleware {
    override handle(_client: Client, packet: Packet) {
      seen.push(`Whole ${packet.cmd}`)
    }
  }
  const { stack } = await running(named('Before'), new Whole(), named('After'))
  const { client } = new Peer(stack)
  for (const packet of fromClients) {
    seen.length = 0
    stack.process(client!, packet)
    const { cmd } = packet
    t.same(seen, [`Before ${cmd} ${cmd}`, `Whole ${cmd}`, `After ${cmd} ${cmd}`])
  }
})

t.test('a hook sees its own packet only, with itself as this', async t => {
  const seen: unknown[] = []
  const hooks: Hooks & { mark: string } = {
    name: 'Mine',
    mark: 'mine',
    pingreq(this: { mark: string }, _client, packet) {
      seen.push(this.mark, packet.cmd)
    }
  }
  const { stack } = await running(hooks)
  const { client } = new Peer(stack)
  for (const packet of fromClients) stack.process(client!, packet)
  t.same(seen, ['mine', 'pingreq'])
})

t.test('handle() sees the packets it lists, and in a plain object comes before the named hook', async t => {
  const seen: string[] = []
  const { stack } = await running({
    packets: ['publish', 'pingreq'],
    handle: (_client, packet: Packet) => void seen.push(`handle ${packet.cmd}`),
    pingreq: () => void seen.push('pingreq'),
    subscribe: () => void seen.push('subscribe')
  })
  const { client } = new Peer(stack)
  for (const packet of fromClients) stack.process(client!, packet)
  t.same(seen, ['handle publish', 'subscribe', 'handle pingreq', 'pingreq'])
})

t.test('a hook that takes next waits for it; one that returns DONE stops', async t => {
  const seen: string[] = []
  const nexts: Array<() => void> = []
  const { stack } = await running(
    { pingreq: (_client, _packet, next) => void nexts.push(next) },
    {
      pingreq() {
        seen.push('second')
        return DONE
      }
    },
    { pingreq: () => void seen.push('third') }
  )
  const { client } = new Peer(stack)
  let over = false
  stack.process(client!, { cmd: 'pingreq' }, () => {
    over = true
  })
  t.same([seen, over], [[], false])
  nexts[0]!()
  t.same([seen, over], [['second'], true])
})

for (const [title, refuse] of [
  [
    'throw Reason.NotAuthorized',
    () => {
      throw Reason.NotAuthorized
    }
  ],
  [
    'throw 0x87',
    () => {
      throw 0x87
    }
  ],
  [
    'an async throw of 0x87',
    async () => {
      throw 0x87
    }
  ]
] as const) {
  t.test(`${title} in a hook refuses a message with that reason and keeps the client`, async t => {
    const { stack, errors } = await running(letIn(), { publish: refuse })
    const peer = new Peer(stack)
    await peer.connect()
    peer.send({ cmd: 'publish', topic: 'a', payload: '', qos: 1, messageId: 7, dup: false, retain: false })
    t.match(await peer.next('puback'), { messageId: 7, reasonCode: 0x87 })
    await peer.nothing()
    each(t, errors, [{ name: 'MqttError', reasonName: 'NotAuthorized' }])
  })
}

t.test('a number that is no reason to refuse is an internal error, and its text stays here', async t => {
  for (const wrong of [0x00, 0x04, 0x7f, 0xff]) {
    const { stack, errors } = await running(letIn(), {
      publish() {
        throw wrong
      }
    })
    const peer = new Peer(stack)
    await peer.connect()
    peer.send({ cmd: 'publish', topic: 'a', payload: '', qos: 0, dup: false, retain: false })
    t.match(await peer.next('disconnect'), {
      reasonCode: 0x80,
      properties: { reasonString: 'internal error' }
    })
    each(t, errors, [{ name: 'Error', message: new RegExp(`no Error: ${wrong}`) }])
  }
})

import t from 'tap'
import { type Client, createBroker, type Hooks, Middleware, type Packet } from '../../../lib/index.js'
import { turn } from '../../support/fake-clock.js'
import { Peer } from '../../support/peer.js'

const clientPackets = [
  ...['connect', 'publish', 'puback', 'pubrec', 'pubrel', 'pubcomp', 'subscribe'],
  ...['unsubscribe', 'pingreq', 'auth', 'disconnect']
]

class Witness extends Middleware {
  readonly seen: string[]
  readonly mark: string

  constructor(seen: string[], mark: string) {
    super()
    this.seen = seen
    this.mark = mark
  }

  override handle(_client: Client, packet: Packet): void {
    this.seen.push(`${this.mark}${packet.cmd}`)
  }
}

/** A client that sends every packet a client may send. */
async function sayEverything(peer: Peer): Promise<void> {
  peer.send({
    ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 5, clean: true, keepalive: 0, clientId: 'c' },
    properties: { authenticationMethod: 'nod' }
  })
  await peer.next('connack')
  peer.send({ cmd: 'auth', reasonCode: 0x19, properties: { authenticationMethod: 'nod' } })
  await peer.next('auth')
  await peer.subscribe('a', { qos: 2 })
  const message = { cmd: 'publish', topic: 'a', payload: 'x', dup: false, retain: false } as const
  peer.send({ ...message, qos: 1, messageId: 1 })
  const [one] = [await next(peer, 'publish'), await next(peer, 'puback')]
  peer.send({ cmd: 'puback', messageId: one.messageId! })
  peer.send({ ...message, qos: 2, messageId: 2 })
  const [two] = [await next(peer, 'publish'), await next(peer, 'pubrec')]
  peer.send({ cmd: 'pubrec', messageId: two.messageId! })
  await next(peer, 'pubrel')
  peer.send({ cmd: 'pubcomp', messageId: two.messageId! })
  peer.send({ cmd: 'pubrel', messageId: 2 })
  await next(peer, 'pubcomp')
  peer.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: ['a'] })
  await next(peer, 'unsuback')
  await peer.nothing()
  peer.send({ cmd: 'disconnect' })
  await peer.end()
}

/** Acknowledgements and deliveries may come in any order here. */
async function next(peer: Peer, cmd: Parameters<Peer['next']>[0]): Promise<{ messageId?: number }> {
  while (!peer.packets.some(packet => packet.cmd === cmd)) await peer.something()
  const at = peer.packets.findIndex(packet => packet.cmd === cmd)
  return peer.packets.splice(at, 1)[0] as { messageId?: number }
}

const nod: Hooks = {
  authenticateExchange(_ctx, store) {
    store.outcome = 'success'
  }
}

t.test('hooks see all eleven packets a client may send, as functions and in handle()', async t => {
  await using broker = createBroker()
  const named = new Set<string>()
  const hooks = Object.fromEntries(
    clientPackets.map(cmd => [cmd, (_client: Client, packet: Packet) => void named.add(packet.cmd)])
  )
  const handled: string[] = []
  broker.use(nod, hooks, new Witness(handled, ''))
  await broker.start()
  await sayEverything(new Peer(broker.stack, 5))
  t.same([...named].sort(), [...clientPackets].sort())
  t.same([...new Set(handled)].sort(), [...clientPackets].sort())
})

t.test('hooks act in the order of use(), before the default middlewares', async t => {
  await using broker = createBroker()
  const seen: string[] = []
  broker.use(new Witness(seen, '1 '), new Witness(seen, '2 '))
  broker.use({ connect: () => void seen.push('3 connect') })
  broker.use(new Witness(seen, '4 '))
  const names = broker.stack.middlewares.map(({ name }) => name)
  t.same(names.slice(0, 7), [
    ...['Connection', 'Witness', 'Witness#2', 'hooks', 'Witness#3', 'Authentication', 'KeepAlive']
  ])
  await broker.start()
  await new Peer(broker.stack, 4).connect()
  t.same(seen, ['1 connect', '2 connect', '3 connect', '4 connect'])
})

t.test('a composite and its parts keep their place', async t => {
  await using broker = createBroker()
  const seen: string[] = []
  const parts = [new Witness(seen, 'part ')]
  broker.use({ name: 'whole', parts })
  broker.use(new Witness(seen, 'later '))
  await broker.start()
  await new Peer(broker.stack, 4).connect()
  t.same(seen, ['part connect', 'later connect'])
  t.equal(broker.stack.middlewares[1]!.name, 'whole')
})

t.test('hooks that are gone, or others that came between, leave the order of the rest', async t => {
  await using broker = createBroker()
  const seen: string[] = []
  broker.use({ name: 'first', connect: () => void seen.push('first') })
  broker.use({ name: 'second', connect: () => void seen.push('second') })
  await broker.stack.remove('second')
  broker.use({ name: 'third', connect: () => void seen.push('third') })
  await broker.stack.remove('Authentication')
  broker.use({ name: 'fourth', connect: () => void seen.push('fourth') })
  await broker.start()
  await new Peer(broker.stack, 4).connect()
  t.same(seen, ['first', 'third', 'fourth'])
})

t.test('use() on a running broker is at work for clients that are connected', async t => {
  await using broker = createBroker()
  const seen: string[] = []
  broker.use(new Witness(seen, 'before '))
  await broker.start()
  const peer = new Peer(broker.stack, 4)
  await peer.connect()
  broker.use(new Witness(seen, 'after '))
  await peer.nothing()
  t.same(seen, ['before connect', 'before pingreq', 'after pingreq'])
})

t.test('use() of something that starts slowly keeps the order too', async t => {
  await using broker = createBroker()
  await broker.start()
  const seen: string[] = []
  let letGo = () => {}
  const slow: Hooks = {
    name: 'slow',
    start: () => new Promise<void>(resolve => (letGo = resolve)),
    pingreq: () => void seen.push('slow')
  }
  broker.use(slow)
  broker.use({ name: 'quick', pingreq: () => void seen.push('quick') })
  await turn()
  letGo()
  await broker.stack.whenReady()
  const peer = new Peer(broker.stack, 4)
  await peer.connect()
  await peer.nothing()
  t.same(seen, ['slow', 'quick'])
})

t.test('an authenticator that is used after the start is asked', async t => {
  await using broker = createBroker()
  await broker.start()
  broker.use({ authenticateConnection: () => {} })
  t.equal((await new Peer(broker.stack, 5).connect()).reasonCode, 0x87)
})

t.test('what is no middleware is a clear error', async t => {
  await using broker = createBroker()
  t.throws(() => broker.use(null as never), { code: 'STACK_INVALID_MIDDLEWARE' })
  t.throws(() => broker.use((() => {}) as never), { code: 'STACK_INVALID_MIDDLEWARE' })
})

t.test('what start() complains about can be mended, and started again', async t => {
  await using broker = createBroker()
  broker.use({ name: 'needy', requires: ['lookupNothing' as never] })
  await t.rejects(broker.start(), { code: 'STACK_UNHANDLED_CALLBACK' })
  await broker.stack.remove('needy')
  t.equal(await broker.start(), broker)
})

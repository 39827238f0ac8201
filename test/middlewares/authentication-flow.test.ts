import type mqtt from 'mqtt-packet'
import type { Hooks } from '../../lib/index.js'
import { turn } from '../support/fake-clock.js'
import { Gate, hello } from '../support/requests.js'
import { scenario } from '../support/scenario.js'
import type { StrictPeer } from '../support/strict-peer.js'

/** Two questions, then success; a wrong answer is refused. */
const hooks: Hooks = {
  async authenticateExchange({ method, data, round }, store) {
    if (method !== 'QUIZ') return
    await null
    if (String(data) !== `answer ${round}`) return
    store.outcome = round < 2 ? 'continue' : 'success'
    store.data = Buffer.from(`question ${round}`)
  }
}

const say = (data: string, authenticationMethod = 'QUIZ') => ({
  properties: { authenticationMethod, authenticationData: Buffer.from(data) }
})
const auth = (reasonCode: number, data: string, method?: string) =>
  ({ cmd: 'auth', reasonCode, ...say(data, method) }) as mqtt.IAuthPacket

/** Sends CONNECT and answers until the CONNACK. */
async function join(peer: StrictPeer, clientId = 'x'): Promise<mqtt.IConnackPacket> {
  peer.send(hello(5, { clientId, ...say('answer 0') }))
  await peer.next('auth')
  peer.send(auth(0x18, 'answer 1'))
  await peer.next('auth')
  peer.send(auth(0x18, 'answer 2'))
  return peer.next('connack')
}

scenario(
  'an exchange of two rounds before CONNACK [5.0 MQTT-4.12.0-2] [5.0 MQTT-4.12.0-5]',
  { hooks },
  async ({ peer }, t) => {
    const one = peer(5)
    const { reasonCode, properties } = await join(one)
    t.equal(reasonCode, 0)
    t.match(properties, { authenticationMethod: 'QUIZ' })
    t.equal(String(properties?.authenticationData), 'question 2')
    await one.nothing()
  }
)

scenario('a wrong answer ends with 0x8C', { hooks }, async ({ peer, broker }, t) => {
  const one = peer(5)
  one.send(hello(5, say('answer 0')))
  await one.next('auth')
  one.send(auth(0x18, 'wrong'))
  t.equal(await one.ending(), 'connack 8c')
  t.equal(broker.clients.size, 0)
})

scenario(
  'nothing but AUTH is acted on before CONNACK [5.0 MQTT-3.1.2-30]',
  { hooks },
  async ({ peer, broker }, t) => {
    const one = peer(5)
    one.send(hello(5, say('answer 0')))
    await one.next('auth')
    one.send({ cmd: 'publish', topic: 'a', payload: 'x', qos: 0, retain: true, dup: false })
    t.equal(await one.ending(), 'connack 82')
    t.equal(broker.stats().retained.messages, 0)
  }
)

scenario(
  'DISCONNECT during the exchange ends it without an answer',
  { hooks },
  async ({ peer, errors }, t) => {
    const one = peer(5)
    one.send(hello(5, say('answer 0')))
    await one.next('auth')
    one.send({ cmd: 'disconnect', reasonCode: 0 })
    t.equal(await one.ending(), 'closed')
    t.same(errors, [])
  }
)

scenario('a method nobody knows is refused with 0x8C [5.0 MQTT-4.12.0-1]', { hooks }, async ({ peer }, t) => {
  const one = peer(5)
  one.send(hello(5, say('x', 'OTHER')))
  t.equal(await one.ending(), 'connack 8c')
})

scenario(
  'authentication again: success, then failure [5.0 MQTT-4.12.1-1] [5.0 MQTT-4.12.1-2]',
  { hooks },
  async ({ peer }, t) => {
    const one = peer(5)
    await join(one)
    one.send(auth(0x19, 'answer 0'))
    t.equal((await one.next('auth')).reasonCode, 0x18)
    await one.nothing()
    one.send(auth(0x18, 'answer 1'), auth(0x18, 'answer 2'))
    t.equal((await one.next('auth')).reasonCode, 0x18)
    t.equal((await one.next('auth')).reasonCode, 0)
    one.send(auth(0x19, 'wrong'))
    t.equal(await one.ending(), 'disconnect 87')
  }
)

scenario(
  'another method than that of CONNECT ends the connection [5.0 MQTT-4.12.0-5]',
  { hooks },
  async ({ peer }, t) => {
    const one = peer(5)
    await join(one)
    one.send(auth(0x19, 'answer 0', 'OTHER'))
    t.equal(await one.ending(), 'disconnect 82')
  }
)

scenario(
  'AUTH without a method in CONNECT ends the connection [5.0 MQTT-4.12.0-7]',
  { hooks },
  async ({ client }, t) => {
    const one = await client(5, 'x')
    one.send(auth(0x19, 'answer 0'))
    t.equal(await one.ending(), 'disconnect 82')
  }
)

const slow = new Gate()
const waiting: Hooks = {
  async authorizePacket({ packet }) {
    if (packet.cmd === 'connect') await slow.passed
  }
}
scenario(
  'what comes after the exchange may take its time',
  { hooks: [hooks, waiting] },
  async ({ peer, errors }, t) => {
    const one = peer(5)
    const joining = join(one)
    await turn()
    await turn()
    t.equal(one.packets.length, 0)
    slow.open()
    t.equal((await joining).reasonCode, 0)
    await one.nothing()
    t.same(errors, [])
  }
)

const gate = new Gate()
const late: Hooks = {
  async authenticateExchange(_ctx, store) {
    await gate.passed
    store.outcome = 'success'
  },
  authenticateConnection: (_ctx, store) => {
    store.valid = true
  }
}
scenario(
  'who left during the exchange takes no id over',
  { hooks: late },
  async ({ peer, client, broker }, t) => {
    const older = await client(5, 'x')
    const loser = peer(5)
    loser.send(hello(5, { clientId: 'x', ...say('?') }))
    await turn()
    loser.cut()
    await turn()
    gate.open()
    await turn()
    await older.nothing()
    t.equal(broker.clients.get('x'), older.client)
  }
)

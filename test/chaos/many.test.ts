import { packet, rawPublish, rawSubscribe, rawUnsubscribe, u16 } from '../../spec-suite/protocol/bytes.js'
import { turn } from '../support/fake-clock.js'
import { leftovers } from '../support/leftovers.js'
import { scenario } from '../support/scenario.js'
import type { StrictPeer } from '../support/strict-peer.js'

const most = 65_535

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i)

/** The identifiers of so many acknowledgements of one kind; taken all at once, as a shift() each would be slow. */
async function answers(peer: StrictPeer, cmd: string, count: number): Promise<unknown[]> {
  while (peer.packets.length < count) await peer.something()
  return peer.packets.splice(0, count).map(packet => packet.cmd === cmd && packet.messageId)
}

scenario(
  '65 535 QoS 2 messages may be open towards the broker, and each is finished',
  async ({ client, broker }, t) => {
    const one = await client(5, 'one', { clean: false, properties: { sessionExpiryInterval: 60 } })
    for (let id = 1; id <= most; id += 5000) {
      const last = Math.min(most, id + 4999)
      one.raw(
        Buffer.concat(
          Array.from({ length: last - id + 1 }, (_, i) => rawPublish(5, 't', { qos: 2, id: id + i }))
        )
      )
      t.same(await answers(one, 'pubrec', last - id + 1), range(id, last))
    }
    t.equal((await leftovers(broker.stack, ['one'])).messageIds, most)
    for (let id = 1; id <= most; id += 5000) {
      const last = Math.min(most, id + 4999)
      one.raw(Buffer.concat(Array.from({ length: last - id + 1 }, (_, i) => packet(0x62, u16(id + i)))))
      t.same(await answers(one, 'pubcomp', last - id + 1), range(id, last))
    }
    t.equal((await leftovers(broker.stack, ['one'])).messageIds, undefined)
  }
)

scenario(
  '65 535 messages may be open towards a client, all under their own identifiers',
  { maximumInflight: most },
  async ({ client, broker }, t) => {
    const one = await client(5, 'one')
    await one.subscribe('t', { qos: 1 })
    const payload = Buffer.from('x')
    for (let i = 0; i < most + 10; i++) {
      await broker.publish('t', payload, { qos: 1 })
      if (i % 1000 === 0) await turn()
    }
    const messages = await one.messages()
    t.equal(messages.length, most)
    t.equal(new Set(messages.map(({ messageId }) => messageId)).size, most)
    one.raw(packet(0x40, u16(30_000)))
    t.equal((await one.next('publish')).messageId, 30_000, 'the only one that is free')
    one.raw(Buffer.concat(messages.map(({ messageId }) => packet(0x40, u16(messageId!)))))
    t.equal((await one.messages()).length, 9)
  }
)

const filters = Array.from({ length: 10_000 }, (_, i): [string, number] => [
  i % 2 === 0 ? `f/${i}` : `+/${i}/#`,
  i % 3
])

scenario('10 000 subscriptions in one SUBSCRIBE, and one by one', async ({ client, broker }, t) => {
  const [one, other] = [await client(5, 'one'), await client(5, 'other')]
  one.raw(rawSubscribe(5, filters))
  const { granted } = await one.next('suback')
  t.same(
    granted,
    filters.map(([, qos]) => qos)
  )
  other.raw(Buffer.concat(filters.map((filter, i) => rawSubscribe(5, [filter], i + 1))))
  t.same(await answers(other, 'suback', filters.length), range(1, filters.length))
  t.equal(broker.stats().subscriptions, 20_000)
  await broker.publish('f/9998', 'x')
  await broker.publish('f/9999', 'x')
  t.equal((await one.messages()).length, 2)
  one.raw(
    rawUnsubscribe(
      5,
      filters.map(([filter]) => filter)
    )
  )
  t.equal((await one.next('unsuback')).granted!.length, 10_000)
  t.equal(broker.stats().subscriptions, 10_000)
  await other.lost()
  t.equal(broker.stats().subscriptions, 0)
})

scenario(
  '2000 connections that say half a CONNECT and are silent are dropped in time',
  { connectTimeout: 5000 },
  async ({ peer, pass, broker, client }, t) => {
    for (let i = 0; i < 2000; i++) {
      const one = peer()
      if (i % 2 === 0) one.raw(Buffer.from([0x10, 0xff, 0xff, 0x7f, 0, 4]))
    }
    await (await client(5, 'in between')).nothing()
    await pass(7)
    t.equal(broker.stack.connections.size, 1)
  }
)

scenario('a flood before CONNECT is dropped at its first byte', async ({ peer, broker, pass }, t) => {
  const flood = Buffer.alloc(1_000_000, 0xc0)
  for (let i = 0; i < 20; i++) peer().raw(flood)
  await pass(3)
  t.equal(broker.stack.connections.size, 0)
})

import t from 'tap'
import { message, texts, to } from '../support/messages.js'
import { backed, settled } from '../support/offline.js'
import { ack, hosted } from '../support/outbound.js'

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `${from + i}`)

/** A client that takes few messages at a time, and a backend that gives keys at once. */
async function slow(receiveMaximum: number) {
  const world = await hosted({}, {}, 300)
  const { stack, outbound, session } = world
  const { offline } = backed(stack)
  world.disconnect()
  const client = await world.resume({ receiveMaximum })
  const send = (payloads: string[]) => {
    for (const payload of payloads) outbound.forwardMessage(to(session, message({ qos: 1, payload })))
  }
  let acknowledged = 0
  const acknowledge = (count: number) => {
    for (const end = acknowledged + count; acknowledged < end; ) {
      // What is published is counted anew each time it is asked for.
      for (const { messageId } of client.published.slice(acknowledged, end)) {
        acknowledged++
        ack(outbound, client, 'puback', messageId!)
      }
    }
  }
  const stored = () => {
    const page = { items: [] as Array<{ message: { packet: { payload: Buffer } } }> }
    offline.lookupOfflineMessages({ clientId: 'c1', limit: 100_000 }, page as never)
    return page.items.map(one => `${one.message.packet.payload}`)
  }
  return { ...world, client, send, acknowledge, stored }
}

t.test('what waits for a connected client is stored, and sent from memory', async t => {
  const { stack, client, send, acknowledge, stored } = await slow(2)
  send(numbers(0, 10))
  t.same(stored(), numbers(2, 10), 'a crash loses nothing')
  const before = stack.of('lookupOfflineMessages').length
  acknowledge(8)
  t.same(texts(client.published), numbers(0, 10))
  t.equal(stack.of('lookupOfflineMessages').length, before, 'nobody had to look it up')
  t.same(stored(), [])
  const order = stack.executed.map(({ name }) => name).filter(name => /^(storeInfl|removeOff)/.test(name))
  t.same(
    order.slice(-2),
    ['storeInflight', 'removeOfflineMessages'],
    'in flight first, out of the queue second'
  )
})

t.test('what is too much for memory comes from the backend, in its order', async t => {
  const { stack, client, send, acknowledge, stored } = await slow(100)
  send(numbers(0, 5000))
  t.equal(stored().length, 4900)
  acknowledge(4990)
  await settled()
  send(numbers(5000, 5010))
  acknowledge(20)
  await settled()
  t.same(texts(client.published), numbers(0, 5010))
  t.ok(stack.of('lookupOfflineMessages').length > 0)
  t.same(stored(), [])
})

t.test('a connection that ends leaves what was at hand to the next one', async t => {
  const { client, send, acknowledge, disconnect, resume, stored, outbound } = await slow(2)
  send(numbers(0, 10))
  acknowledge(1)
  disconnect()
  send(numbers(10, 12))
  t.same(stored(), numbers(3, 12))
  const again = await resume()
  await settled()
  t.same(texts(again.published), numbers(1, 12), 'what was in flight comes first')
  t.same(texts(client.published), numbers(0, 3))
  for (const { messageId } of again.published) ack(outbound, again, 'puback', messageId!)
  t.same(stored(), [])
})

t.test('the limits count what is at hand like all that waits', async t => {
  const { stack, outbound, session, send, acknowledge, dropped, client } = await slow(1)
  t.equal(outbound.config.maximumQueuedMessages, 100_000)
  Object.assign(outbound.config, { maximumQueuedMessages: 3 })
  send(numbers(0, 6))
  t.same(dropped, ['4 queue-full', '5 queue-full'])
  acknowledge(2)
  outbound.forwardMessage(to(session, message({ qos: 1, payload: 'new' })))
  t.equal(dropped.length, 2, 'there is room again')
  acknowledge(2)
  t.same(texts(client.published), ['0', '1', '2', '3', 'new'])
  t.equal(stack.counters.messagesDropped, 2)
})

t.test(
  'a backend that comes while messages wait in memory gets the next ones only, and nothing comes twice',
  async t => {
    const { stack, outbound, session, disconnect, resume } = await hosted({}, {}, 300)
    disconnect()
    const first = await resume({ receiveMaximum: 1 })
    const send = (payload: string) => outbound.forwardMessage(to(session, message({ qos: 1, payload })))
    for (const payload of numbers(0, 3)) send(payload)
    backed(stack)
    for (const payload of numbers(3, 6)) send(payload)
    for (let i = 0; i < 6; i++) {
      const { messageId } = first.published[i] ?? {}
      if (messageId) ack(outbound, first, 'puback', messageId)
      await settled(2)
    }
    t.same(texts(first.published).sort(), numbers(0, 6))
  }
)

import t from 'tap'
import { Publish } from '../../lib/index.js'
import { to } from '../support/messages.js'
import { ack, hosted, ids } from '../support/outbound.js'

const mebibyte = 1_048_576

t.test('a receiver that acknowledges nothing has at most 64 MiB in flight', async t => {
  const { outbound, session, client } = await hosted({ maximumInflight: 1000 })
  client.buf = Buffer.alloc(72 * mebibyte)
  const payload = Buffer.alloc(mebibyte)
  for (let i = 0; i < 70; i++) {
    outbound.forwardMessage(to(session, Publish.from({ topic: 'a/b', qos: 1, payload })))
  }
  t.equal(client.published.length, 64)
  ack(outbound, client, 'puback', 1)
  t.same(ids(client).slice(64), [65], 'one goes, one comes')
  for (let id = 2; id <= 69; id++) ack(outbound, client, 'puback', id)
  t.equal(client.published.length, 70, 'the others follow')
})

t.test('what stays in flight lets go of the chunk it came in', async t => {
  const { stack, outbound, session, client } = await hosted()
  stack.clients.set('c1', client.client)
  const chunk = Buffer.alloc(65_536)
  const sent = [1, 2].map(() => Publish.from({ topic: 'a/b', qos: 1, payload: chunk.subarray(0, 10) }))
  outbound.forwardMessage(to(session, sent[0]!))
  t.equal(sent[0]!.payload.buffer, chunk.buffer, 'nothing is copied for one that is acknowledged soon')
  stack.clock.advance(1000)
  t.not(sent[0]!.payload.buffer, chunk.buffer)
  outbound.forwardMessage(to(session, sent[1]!))
  stack.clock.advance(1000)
  t.not(sent[1]!.payload.buffer, chunk.buffer, 'later ones, too')
})

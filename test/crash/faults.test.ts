import t, { type Test } from 'tap'
import { createBroker } from '../../lib/index.js'
import { LevelBackend } from '../../middlewares/index.js'
import { FakeDb } from '../middlewares/level-backend/fake-db.js'
import { turn } from '../support/fake-clock.js'
import { StrictPeer } from '../support/strict-peer.js'

const full = () => Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
const persistent = { clean: false, properties: { sessionExpiryInterval: 300 } }

/** The ready broker on a disk that can be told to fail, and a session that is subscribed and offline. */
async function started(t: Test) {
  const db = new FakeDb()
  const { stack } = createBroker({ drainTimeout: 50 })
  const errors: Error[] = []
  stack.on('error', err => errors.push(err))
  await stack.replace('MemoryBackend', new LevelBackend({ db }))
  await stack.start()
  t.teardown(() => stack.stop({ timeout: 50 }).catch(() => {}))
  const peer = async (version: 4 | 5, clientId: string) => {
    const one = new StrictPeer(stack, version)
    await one.connect({ clientId, ...(version === 5 ? persistent : { clean: false }) })
    return one
  }
  const receiver = await peer(5, 'receiver')
  await receiver.subscribe('t/#', { qos: 2 })
  await receiver.lost()
  /** What the session gets, in order, and the last of it. */
  const received = async (last: string) => {
    const again = await peer(5, 'receiver')
    const payloads: string[] = []
    while (payloads.at(-1) !== last) payloads.push((await again.next('publish')).payload.toString())
    return payloads
  }
  return { db, errors, peer, received }
}

for (const qos of [1, 2] as const) {
  t.test(
    `QoS ${qos}: a write that fails is told, nothing that was acknowledged is lost, and it recovers`,
    async t => {
      const { db, errors, peer, received } = await started(t)
      const [five, four] = [await peer(5, 'five'), await peer(4, 'four')]
      t.equal(await five.publish('t', 'before', { qos }), 0)
      db.fault = full()
      t.equal(await five.publish('t', 'first', { qos }), 0x97)
      t.equal(await five.publish('t', 'second', { qos }), 0x97)
      four.send({ cmd: 'publish', topic: 't', payload: 'four', qos, messageId: 9, retain: false, dup: false })
      t.equal(await four.ending(), 'closed', 'MQTT 3.1.1 has no code: no acknowledgement, and the end')
      t.ok(errors.length > 0, 'somebody is told')
      db.fault = null
      let code = 0x97
      let tries = 0
      while (code >= 0x80 && ++tries < 10) code = await five.publish('t', 'after', { qos })
      t.equal(code, 0)
      const payloads = await received('after')
      t.equal(payloads[0], 'before')
      t.equal(new Set(payloads).size, payloads.length, 'none twice')
      t.same(
        [five, four].flatMap(({ violations }) => violations),
        []
      )
    }
  )
}

t.test('a disk that fails for another reason is 0x80', async t => {
  const { db, peer } = await started(t)
  const five = await peer(5, 'five')
  db.fault = new Error('input/output error')
  t.equal(await five.publish('t', 'x', { qos: 1 }), 0x80)
})

t.test('while the disk is slow nobody is told anything that is not stored, and others go on', async t => {
  const { db, peer, received } = await started(t)
  const five = await peer(5, 'five')
  db.hold()
  for (const [messageId, qos] of [1, 2, 1, 2].entries()) {
    const packet = { topic: 't', payload: `${messageId}`, qos: qos as 1 | 2, messageId: messageId + 1 }
    five.send({ cmd: 'publish', retain: false, dup: false, ...packet })
  }
  await turn()
  await five.nothing()
  five.send({ cmd: 'subscribe', messageId: 9, subscriptions: [{ topic: 'other', qos: 1 }] })
  await turn()
  t.same(five.packets, [], 'no SUBACK, either')
  db.release()
  const answers = [await five.any(), await five.any(), await five.any(), await five.any(), await five.any()]
  t.same(
    answers.map(({ cmd, messageId }) => `${cmd} ${messageId}`),
    ['puback 1', 'pubrec 2', 'puback 3', 'pubrec 4', 'suback 9']
  )
  // Only those of one QoS are in order [5.0 MQTT-4.6.0-5].
  t.same((await received('3')).sort(), ['0', '1', '2', '3'])
})

import t from 'tap'
import { MqttError, Publish } from '../../../lib/index.js'
import { turn } from '../../support/fake-clock.js'
import { Hosted, message, publish } from './hosted.js'

const full = () => Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })

t.test('a failing batch is an error for those who wait, and is tried again until it succeeds', async t => {
  const hosted = await Hosted.on()
  const { db } = hosted
  hosted.queue('c', publish('1'))
  await hosted.commit()
  db.fault = full()
  hosted.queue('c', publish('2'))
  t.match(await hosted.commit(), { reason: 0x97, cause: { message: 'no space left on device' } })
  t.equal(hosted.errors.length, 1)
  t.ok(hosted.backend.store.failing)
  t.match(
    await hosted.commit(),
    { reason: 0x97, cause: { message: 'no space left on device' } },
    'each commit is a try of its own'
  )
  t.equal(hosted.errors.length, 1, 'told once')
  const { tries } = db
  hosted.clock.advance(1000)
  await turn()
  t.equal(db.tries, tries + 1, 'and there is one a second')
  db.fault = null
  hosted.clock.advance(1000)
  await turn()
  t.notOk(hosted.backend.store.failing)
  t.equal(await hosted.commit(), null)
  t.same(await hosted.payloads('c'), ['1', '2'])
  t.equal(hosted.clock.pending, hosted.clock.pending)
  await hosted.stack.stop()
})

t.test('while it fails, messages are refused and what ends something is kept', async t => {
  const hosted = await Hosted.on()
  const { db } = hosted
  for (const payload of ['1', '2']) hosted.queue('c', publish(payload))
  hosted.send('c', message(publish('3'), { messageId: 3 }))
  const [first] = await hosted.queued('c')
  db.fault = full()
  hosted.unqueue('c', [first!.key])
  t.ok(hosted.acknowledge('c', 3))
  t.match(await hosted.commit(), Error)
  t.notOk(hosted.queue('c', publish('4')), 'refused')
  const retained = Publish.from({ topic: 'r', payload: Buffer.from('x'), retain: true })
  await t.rejects(
    async () => hosted.run('storeRetainedMessage', { packet: retained }, { replaced: null }),
    MqttError
  )
  await hosted.run('storeSession', { session: { clientId: 'd', expiryInterval: 5, expiresAt: null } })
  db.fault = null
  t.match(
    await hosted.commit(),
    { reason: 0x97 },
    'whoever has been refused hears of it, even when that is over'
  )
  t.equal(await hosted.commit(), null)
  t.ok(hosted.queue('c', publish('5')), 'taken again')
  t.same(await hosted.payloads('c'), ['2', '5'])
  t.same(db.keys('i'), [])
  t.equal(db.keys('e').length, 1)
  await hosted.stack.stop()
})

t.test('what is removed or replaced after a failure is not written by the next try', async t => {
  const hosted = await Hosted.on()
  const { db } = hosted
  hosted.send('c', message(publish('old'), { messageId: 1 }))
  await hosted.commit()
  db.hold()
  hosted.acknowledge('c', 1)
  hosted.send('c', message(publish('removed'), { messageId: 2 }))
  await turn()
  const first = hosted.commit()
  // While the batch is on its way.
  hosted.send('c', message(publish('new'), { messageId: 1 }))
  hosted.acknowledge('c', 2)
  db.fault = full()
  db.release()
  t.match(await first, Error)
  db.fault = null
  hosted.acknowledge('c', 1)
  t.equal(await hosted.commit(), null)
  t.same(db.keys('i'), [], 'nobody knew what the disk had')
  await hosted.stack.stop()
})

t.test('a queue whose end is not written is not read before it is', async t => {
  const hosted = await Hosted.on()
  hosted.db.fault = full()
  hosted.queue('c', publish('1'))
  await t.rejects(hosted.queued('c'), { code: 'MQTT_QUOTA_EXCEEDED' })
  hosted.db.fault = null
  t.same(await hosted.payloads('c'), ['1'])
  await hosted.stack.stop()
})

t.test('a stop on a disk that fails says so and closes', async t => {
  const hosted = await Hosted.on()
  hosted.db.fault = full()
  hosted.queue('c', publish('1'))
  await t.rejects(hosted.stack.stop())
  t.equal(hosted.db.opened, 0)
})

t.test('there is a limit to the bytes that wait', async t => {
  const hosted = await Hosted.on(undefined, { maximumStoredBytes: 10 })
  t.ok(hosted.queue('a', publish('12345')))
  t.ok(hosted.queue('b', publish('1234')))
  t.notOk(hosted.queue('b', publish('12')))
  const [one] = await hosted.queued('a')
  hosted.unqueue('a', [one!.key])
  t.ok(hosted.queue('b', publish('12')))
  hosted.removeSession('b')
  t.ok(hosted.queue('c', publish('1234567890')))
  await hosted.stack.stop()
})

t.test('after a stop nothing is tried again, and who asks is told', async t => {
  const hosted = await Hosted.on()
  hosted.db.fault = full()
  hosted.queue('c', publish('1'))
  await t.rejects(hosted.stack.stop())
  const { tries } = hosted.db
  let told: unknown = null
  hosted.backend.store.queue.commit(err => {
    told = err
  })
  t.match(told, { message: 'the store is closed' })
  hosted.clock.advance(10_000)
  await turn()
  t.equal(hosted.db.tries, tries)
})

import t from 'tap'
import { Topic } from '../../../lib/topics/index.js'
import { TopicCache } from '../../../lib/topics/topic-cache.js'

t.test('topics whose hashes collide are told apart, and too many of them are not kept', async t => {
  const cache = new TopicCache<unknown>(1000)
  const topics = Array.from({ length: 100 }, (_, i) => {
    const name = `topic/${100 + i}`
    return new Topic(name, Buffer.from(name))
  })
  for (const topic of topics) cache.add(5, topic, topic.bytes, 0, topic.bytes.length)
  t.equal(cache.size, 32)
  for (const topic of topics.slice(0, 32)) t.equal(cache.find(5, topic.bytes, 0, topic.bytes.length), topic)
  t.equal(cache.find(5, topics[50]!.bytes, 0, 9), null)
  t.equal(cache.find(5, topics[0]!.bytes, 0, 8), null)
  t.equal(cache.find(6, topics[0]!.bytes, 0, 9), null)
})

t.test('its names are bounded in bytes, too', async t => {
  const cache = new TopicCache<unknown>(10)
  const long = new Topic('x'.repeat(1024))
  t.equal(cache.isFull(5000), false, 'the first one always has room')
  cache.add(1, long, long.bytes, 0, 1024)
  t.equal(cache.isFull(256), false)
  t.equal(cache.isFull(257), true)
  t.equal(cache.find(1, long.bytes, 0, 1024), long)
})

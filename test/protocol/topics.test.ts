import { rawPublish, rawSubscribe } from '../../spec-suite/protocol/bytes.js'
import { scenarios, versions } from '../support/scenario.js'

/** Filters, and which of the topics match. */
const topics = [
  'a',
  'a/b',
  'a/b/c',
  'a/',
  '/a',
  '/',
  'A',
  'á',
  'a\u0301',
  '$t/x',
  '$t',
  'a//b',
  ' ',
  'a b',
  'x'.repeat(300)
]
const matches: ReadonlyArray<[filter: string, topics: readonly string[]]> = [
  ['#', topics.filter(topic => !topic.startsWith('$'))],
  ['a/#', ['a', 'a/b', 'a/b/c', 'a/', 'a//b']],
  ['/#', ['/a', '/']],
  ['+', ['a', 'A', 'á', 'a\u0301', ' ', 'a b', 'x'.repeat(300)]],
  ['+/+', ['a/b', 'a/', '/a', '/']],
  ['a/+', ['a/b', 'a/']],
  ['a/+/b', ['a//b']],
  ['a/+/#', ['a/b', 'a/b/c', 'a/', 'a//b']],
  ['+/a', ['/a']],
  ['/+', ['/a', '/']],
  ['+/x', []],
  ['$t/#', ['$t/x', '$t']],
  ['$t/+', ['$t/x']],
  ['a', ['a']],
  ['á', ['á']],
  ['a\u0301', ['a\u0301']],
  ['a//b', ['a//b']],
  ['a/', ['a/']],
  [' ', [' ']]
]

scenarios(
  versions,
  'filters match as the specification says, characters as they are [5.0 MQTT-3.3.2-3] [5.0 MQTT-4.7.1-1] [5.0 MQTT-4.7.1-2] [5.0 MQTT-4.7.2-1] [5.0 MQTT-4.7.3-4] [3.1.1 MQTT-3.3.2-3] [3.1.1 MQTT-4.7.1-2] [3.1.1 MQTT-4.7.1-3] [3.1.1 MQTT-4.7.2-1] [3.1.1 MQTT-4.7.3-4]',
  async ({ client }, t, version) => {
    const publisher = await client(version, 'publisher')
    for (const [filter, wanted] of matches) {
      const live = await client(version, 'live')
      await live.subscribe(filter)
      for (const topic of topics) publisher.raw(rawPublish(version, topic, { payload: topic, retain: true }))
      await publisher.nothing()
      t.same(
        (await live.messages()).filter(({ retain }) => !retain).map(({ topic }) => topic),
        wanted,
        `live: ${filter}`
      )
      const late = await client(version, 'late')
      await late.subscribe(filter)
      t.same(
        (await late.messages()).map(({ topic }) => topic).sort(),
        [...wanted].sort(),
        `retained: ${filter}`
      )
    }
  }
)

const wrong = [
  'a#',
  'a/#/b',
  'a/b#',
  '##',
  '#/',
  'a+',
  'a/+b',
  '++',
  '+a/b',
  '',
  '$share/g',
  '$share/g/',
  '$share//t',
  '$share/g+/t',
  '$share/#/t',
  '$share/g/a#'
]

scenarios(
  versions,
  'filters that are none are refused one by one [5.0 MQTT-4.7.1-1] [5.0 MQTT-4.7.1-2] [5.0 MQTT-4.7.3-1] [5.0 MQTT-4.8.2-1] [5.0 MQTT-4.8.2-2] [3.1.1 MQTT-4.7.1-2] [3.1.1 MQTT-4.7.1-3] [3.1.1 MQTT-4.7.3-1]',
  async ({ client, broker }, t, version) => {
    const one = await client(version, 'one')
    one.raw(
      rawSubscribe(
        version,
        wrong.map(filter => [filter, 0])
      )
    )
    const code = version === 5 ? 0x8f : 0x80
    t.same(
      (await one.next('suback')).granted,
      wrong.map(() => code)
    )
    t.equal(broker.stats().subscriptions, 0)
  }
)

scenarios(
  versions,
  'topics and filters of 65 535 bytes pass [5.0 MQTT-4.7.3-3] [3.1.1 MQTT-4.7.3-3]',
  async ({ client }, t, version) => {
    const one = await client(version, 'one')
    const longest = `${'é'.repeat(32_767)}x`
    await one.subscribe(longest)
    await one.publish(longest, 'x', { retain: true })
    t.equal((await one.next('publish')).topic, longest)
    const late = await client(version, 'late')
    await late.subscribe(longest)
    t.equal((await late.next('publish')).topic, longest)
  }
)

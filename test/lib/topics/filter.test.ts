import fc from 'fast-check'
import t from 'tap'
import { countLevels, isTopicName, parseFilter, topicMatches } from '../../../lib/topics/index.js'
import { naiveMatches, plainFilter, topicName } from './oracle.js'

const longest = 'é'.repeat(32_767)

t.test('[5.0 MQTT-4.7.0-1] [5.0 MQTT-4.7.3-1] [5.0 MQTT-4.7.3-2] [5.0 MQTT-4.7.3-3] topic names', async t => {
  const legal = ['a', '/', '//', 'a/b', ' ', '$', '$SYS/x', '$share/g/t', '__proto__', '\ufeffa', '😀']
  for (const name of [...legal, 'a'.repeat(65_535), `${longest}a`]) t.ok(isTopicName(name), name.slice(0, 20))
  const illegal = ['', '+', '#', 'a/+', 'a+', 'a/#', '#a', '\0', 'a\0b']
  for (const name of [...illegal, 'a'.repeat(65_536), `${longest}aa`])
    t.notOk(isTopicName(name), name.slice(0, 20))
})

t.test('[5.0 MQTT-1.5.4-1] a lone surrogate has no UTF-8 form', async t => {
  for (const text of ['\ud800', 'a\udfffb', '\ude00\ud83d']) {
    t.notOk(isTopicName(text))
    t.equal(parseFilter(text), null)
  }
})

t.test('[5.0 MQTT-4.7.1-1] [5.0 MQTT-4.7.1-2] where + and # may stand', async t => {
  const wild = ['#', '+', '/#', '/+', 'a/#', '+/#', '+/+', 'a/+/b', '+/', '$SYS/#', '+/b/#', '/+/']
  for (const text of wild)
    t.strictSame(parseFilter(text), { text, filter: text, share: null, wildcard: true })
  const exact = [
    'a',
    '/',
    '//',
    'a/',
    '$',
    '$share',
    '$shared/g/t',
    '$SHARE/g/t',
    '$queue/a',
    '__proto__',
    ' '
  ]
  for (const text of exact)
    t.strictSame(parseFilter(text), { text, filter: text, share: null, wildcard: false })
  const invalid = [
    '##',
    'a#',
    '#a',
    'a/b#',
    '#/',
    'a/#/b',
    '#/#',
    '++',
    'a+',
    '+a',
    'a/+b',
    'a/b+/c',
    '+#',
    '#+'
  ]
  for (const text of invalid) t.equal(parseFilter(text), null, text)
})

t.test('[5.0 MQTT-4.7.3-1] [5.0 MQTT-4.7.3-2] [5.0 MQTT-4.7.3-3] filters are bounded texts', async t => {
  for (const text of ['', '\0', 'a/\0', 'a'.repeat(65_536), `${longest}/#`]) t.equal(parseFilter(text), null)
  t.ok(parseFilter('/'.repeat(65_535)))
  t.ok(parseFilter(`${'+/'.repeat(32_767)}#`))
})

t.test('[5.0 MQTT-4.8.2-1] [5.0 MQTT-4.8.2-2] shared subscriptions', async t => {
  const shared: Array<[text: string, share: string, filter: string, wildcard: boolean]> = [
    ['$share/g/t', 'g', 't', false],
    ['$share/g//t', 'g', '/t', false],
    ['$share/g//', 'g', '/', false],
    ['$share/g/#', 'g', '#', true],
    ['$share/g/+/x', 'g', '+/x', true],
    ['$share/$share/$share/g/t', '$share', '$share/g/t', false],
    ['$share/__proto__/constructor', '__proto__', 'constructor', false],
    ['$share/a b/t', 'a b', 't', false]
  ]
  for (const [text, share, filter, wildcard] of shared)
    t.strictSame(parseFilter(text), { text, filter, share, wildcard }, text)
  const invalid = [
    '$share/',
    '$share//',
    '$share//t',
    '$share/g',
    '$share/g/',
    '$share/+/t',
    '$share/#/t',
    '$share/#'
  ]
  for (const text of [
    ...invalid,
    '$share/g+/t',
    '$share/g#/t',
    '$share/g/#/t',
    '$share/g/a+',
    '$share/g\0/t'
  ])
    t.equal(parseFilter(text), null, text)
})

t.test('[5.0 MQTT-4.7.1-1] [5.0 MQTT-4.7.1-2] [5.0 MQTT-4.7.3-4] matches and does not', async t => {
  const cases: Array<[filter: string, matches: string[], not: string[]]> = [
    [
      'sport/tennis/#',
      ['sport/tennis', 'sport/tennis/', 'sport/tennis/a/b'],
      ['sport', 'sport/tennisx', 'x/tennis']
    ],
    ['sport/+', ['sport/', 'sport/a'], ['sport', 'sport/a/', 'sport/a/b', 'Sport/a']],
    ['+', ['a', ' '], ['/', 'a/', '/a']],
    ['+/+', ['/', '/a', 'a/', 'a/b'], ['a', 'a/b/c']],
    ['/+', ['/', '/a'], ['a', 'a/b']],
    ['#', ['a', '/', 'a/b/c'], []],
    ['/#', ['/', '/a', '//'], ['a']],
    ['+/#', ['a', 'a/', 'a/b/c', '/'], []],
    ['+/tennis/#', ['a/tennis', '/tennis/x'], ['tennis', 'a/b/tennis']],
    ['a//b', ['a//b'], ['a/b', 'a/x/b']],
    ['a/+/b', ['a//b', 'a/x/b'], ['a/b', 'a/x/y/b']],
    ['a/', ['a/'], ['a', 'a//']],
    ['a', ['a'], ['A', 'a/', '/a', 'aa', 'b']],
    ['\u00e9', ['\u00e9'], ['e\u0301']],
    ['\ufefft', ['\ufefft'], ['t']]
  ]
  for (const [filter, matches, not] of cases) {
    for (const topic of matches) t.ok(topicMatches(filter, topic), `${filter} matches ${topic}`)
    for (const topic of not) t.notOk(topicMatches(filter, topic), `${filter} does not match ${topic}`)
  }
})

t.test('[5.0 MQTT-4.7.2-1] wildcards in the first level pass over $ topics', async t => {
  for (const filter of ['#', '+/#', '+/x', '+/+']) t.notOk(topicMatches(filter, '$SYS/x'), filter)
  for (const filter of ['$SYS/#', '$SYS/+', '$SYS/x', '$SYS/x/#'])
    t.ok(topicMatches(filter, '$SYS/x'), filter)
  t.ok(topicMatches('a/+', 'a/$x'), 'a $ further down is ordinary')
  t.ok(topicMatches('a/#', 'a/$x/b'))
})

t.test('topicMatches agrees with the rules written out', async () => {
  fc.assert(
    fc.property(
      plainFilter,
      topicName,
      (filter, topic) => topicMatches(filter, topic) === naiveMatches(filter, topic)
    ),
    { numRuns: 3000 }
  )
})

t.test(
  'parseFilter and isTopicName never throw, and a valid filter without wildcards is a topic name',
  async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '/', '+', '#', '$', '\0', '$share/', 'g'),
      maxLength: 12
    })
    fc.assert(
      fc.property(text, text => {
        const parsed = parseFilter(text)
        if (parsed === null) return true
        const rest = parsed.share === null ? parsed.filter : `$share/${parsed.share}/${parsed.filter}`
        return rest === text && (parsed.wildcard || isTopicName(parsed.filter))
      }),
      { numRuns: 2000 }
    )
  }
)

t.test('tens of thousands of levels', async t => {
  const topic = '/'.repeat(65_535)
  t.equal(countLevels(topic), 65_536)
  t.equal(countLevels('a'), 1)
  t.ok(topicMatches(`${'+/'.repeat(32_000)}#`, topic))
  t.notOk(topicMatches(`${'+/'.repeat(32_000)}+`, topic))
  t.ok(topicMatches(`${'+/'.repeat(10_000)}+`, `${'a/'.repeat(10_000)}a`))
})

import t from 'tap'
import { type BrokerOptions, createBroker, type StackError } from '../../../lib/index.js'

function problems(options: unknown): readonly string[] {
  try {
    createBroker(options as BrokerOptions)
    return []
  } catch (err) {
    t.equal((err as StackError).code, 'STACK_INVALID_OPTIONS')
    return (err as StackError).problems
  }
}

t.test('everything that is wrong with the options is told at once, by createBroker()', async t => {
  t.same(
    problems({
      ...{ maxPacketSize: 5, drainTimeout: -1, maximumKeepAlive: 0, maximumRetainedMessages: -1 },
      ...{ willSweepInterval: 1, strict: 'yes', listeners: ['http://localhost', { port: 1.5 }] }
    }),
    [
      "'maxPacketSize' is no option of createBroker(): did you mean 'maximumPacketSize'?",
      'strict is yes: give a boolean',
      'drainTimeout is -1: give an integer from 0 to 2147483647',
      'maximumKeepAlive is 0: give an integer from 1 to 65535',
      'willSweepInterval is 1: give an integer from 10 to 60000',
      'maximumRetainedMessages is -1: give an integer of at least 0',
      "listeners[0]: 'http://localhost' is no listener: give a port, options, or a URL with " +
        'mqtt, tcp, mqtts, tls, ssl, ws, wss, unix, mqtt+unix',
      'listeners[1]: port is 1.5: give an integer from 0 to 65535'
    ]
  )
  t.throws(() => createBroker({ drainTimeout: -1 }), {
    message:
      '[STACK_INVALID_OPTIONS] wrong options\n  drainTimeout is -1: give an integer from 0 to 2147483647'
  })
})

t.test('a name that is misspelt gets the one that was meant', async t => {
  for (const [given, meant] of [
    ['allowAnonymus', 'allowAnonymous'],
    ['maximumQos', 'maximumQoS'],
    ['listener', 'listeners'],
    ['maximumqueuedmessages', 'maximumQueuedMessages']
  ]) {
    t.same(problems({ [given!]: 1 }), [`'${given}' is no option of createBroker(): did you mean '${meant}'?`])
  }
  t.match(
    problems({ port: 1883 })[0],
    /^'port' is no option of createBroker\(\): there are onError, strict, /
  )
})

/** Per option: the smallest and the largest value, and one that is refused on each side of them. */
const ranges: Record<string, readonly [refused: unknown, low: number, high: number, refused: unknown]> = {
  stallTimeout: [0, 1, 2 ** 31 - 1, 2 ** 31],
  drainTimeout: [-1, 0, 2 ** 31 - 1, 2 ** 31],
  lingerTimeout: [-1, 0, 2 ** 31 - 1, 2 ** 31],
  maximumPacketSize: [63, 64, 268_435_460, 268_435_461],
  connectTimeout: [0, 1, 2 ** 31 - 1, 2 ** 31],
  maximumClientIdLength: [22, 23, 65_535, 65_536],
  serverKeepAlive: [-1, 0, 65_535, 65_536],
  maximumKeepAlive: [0, 1, 65_535, 65_536],
  maximumSessionExpiry: [-1, 0, 0xffff_ffff, 0x1_0000_0000],
  receiveMaximum: [0, 1, 65_535, 65_536],
  topicAliasMaximum: [-1, 0, 65_535, 65_536],
  maximumQoS: [-1, 0, 2, 3],
  maximumInflight: [0, 1, 65_535, 65_536],
  maximumQueuedMessages: [-1, 0, Number.POSITIVE_INFINITY, Number.NaN],
  maximumQueuedBytes: [-1, 0, Number.POSITIVE_INFINITY, Number.NaN],
  slowTimeout: [-1, 0, 3_600_000, 3_600_001],
  maximumSubscriptions: [-1, 1, Number.POSITIVE_INFINITY, Number.NaN],
  maximumLevels: [0, 1, 65_535, Number.NaN],
  maximumRetainedMessages: [-1, 0, Number.POSITIVE_INFINITY, Number.NaN],
  maximumRetainedBytes: [-1, 0, Number.POSITIVE_INFINITY, '1'],
  willSweepInterval: [9, 10, 60_000, 60_001]
}

t.test('numbers have their ranges', async t => {
  for (const [name, [below, low, high, above]] of Object.entries(ranges)) {
    for (const value of [below, above, 'many', 1.5]) {
      t.match(problems({ [name]: value }), [new RegExp(`^${name} is ${value}: give an integer`)])
    }
    for (const value of [low, high, undefined]) t.same(problems({ [name]: value }), [], `${name}: ${value}`)
  }
})

const booleans = [
  ...['strict', 'allowAnonymous', 'validatePayloadFormat', 'topicAliases', 'wildcardSubscriptions'],
  ...['sharedSubscriptions', 'subscriptionIdentifiers', 'retainAvailable']
]

t.test('switches are true or false', async t => {
  for (const name of booleans) {
    t.same(problems({ [name]: 'false' }), [`${name} is false: give a boolean`])
    t.same(problems({ [name]: 0 }), [`${name} is 0: give a boolean`])
    for (const value of [true, false, undefined]) t.same(problems({ [name]: value }), [])
  }
})

t.test('the others have their kinds', async t => {
  t.same(problems({ onError: 'log', random: 4, clock: null, listeners: 1883, refuse: 'no' }), [
    'onError is log: give a function',
    'random is 4: give a function',
    'clock is null: give an object',
    'listeners is 1883: give an array',
    "refuse is no: give 'ack' or 'close'"
  ])
  t.same(problems({ responseInformation: 5 }), ['responseInformation is 5: give a string or a function'])
  for (const responseInformation of ['reply/', () => 'reply/']) t.same(problems({ responseInformation }), [])
  t.same(problems({ listeners: [1883, 'ws://localhost:8083'] }), [])
})

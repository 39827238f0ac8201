import t from 'tap'
import { Stack, type StackOptions, systemClock } from '../../lib/index.js'
import { stackSettings } from '../../lib/stack-options.js'

t.test('every option has its documented default', t => {
  const settings = stackSettings({})
  t.match(settings, {
    stallTimeout: 30_000,
    drainTimeout: 5000,
    lingerTimeout: 2000,
    maximumPacketSize: 16_777_216,
    refuse: 'ack'
  })
  t.equal(settings.clock, systemClock)
  t.equal(settings.random, Math.random)
  t.equal(settings.onError(new Error('x'), null, null), undefined, 'nobody')
  t.same(stackSettings({ drainTimeout: undefined, clock: undefined } as StackOptions), settings)
  t.end()
})

t.test('strict is on, unless it is production or somebody says so', t => {
  const before = process.env.NODE_ENV
  t.teardown(() => {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  })
  process.env.NODE_ENV = 'test'
  t.equal(stackSettings({}).strict, true)
  t.equal(stackSettings({ strict: false }).strict, false)
  process.env.NODE_ENV = 'production'
  t.equal(stackSettings({}).strict, false)
  t.equal(stackSettings({ strict: true }).strict, true)
  t.end()
})

t.test('numbers out of range are refused, all at once, with what to give', t => {
  const wrong = { stallTimeout: 0, drainTimeout: -1, lingerTimeout: 0.5, maximumPacketSize: 63, refuse: 'no' }
  try {
    new Stack(wrong as unknown as StackOptions)
    t.fail('it was taken')
  } catch (err) {
    t.match(err, {
      code: 'STACK_INVALID_OPTIONS',
      problems: [
        'stallTimeout is 0: give an integer from 1 to 2147483647',
        'drainTimeout is -1: give an integer from 0 to 2147483647',
        'lingerTimeout is 0.5: give an integer from 0 to 2147483647',
        'maximumPacketSize is 63: give an integer from 64 to 268435460',
        "refuse is no: give 'ack' or 'close'"
      ]
    })
  }
  for (const value of ['10', Number.NaN, Number.POSITIVE_INFINITY, {}, 2 ** 31]) {
    t.throws(() => stackSettings({ drainTimeout: value as number }), { code: 'STACK_INVALID_OPTIONS' })
  }
  t.end()
})

t.test('numbers at the edges are taken', t => {
  const edges = {
    stallTimeout: 1,
    drainTimeout: 0,
    lingerTimeout: 2 ** 31 - 1,
    maximumPacketSize: 268_435_460
  }
  t.match(stackSettings(edges), edges)
  t.equal(stackSettings({ maximumPacketSize: 64, refuse: 'close' }).refuse, 'close')
  t.end()
})

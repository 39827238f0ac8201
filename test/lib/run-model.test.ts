import fc from 'fast-check'
import t from 'tap'
import { DONE, type Next } from '../../lib/index.js'
import type { AnyHandler } from '../../lib/run.js'
import { ended, stepsOf } from '../support/steps.js'

const kinds = ['next', 'return'] as const
const times = ['now', 'promise', 'later'] as const
const acts = ['go on', 'stop', 'refuse', 'throw', 'twice', 'nonsense', 'forget'] as const

interface Spec {
  kind: (typeof kinds)[number]
  time: (typeof times)[number]
  act: (typeof acts)[number]
}

interface Wanted {
  /** The handlers that ran. */
  ran: number[]
  how: 'end' | 'stopped' | 'refused'
  error: string | null
  sync: boolean
}

/** What a single handler comes to; written from STYLE 5.4, not from the kernel. */
function verdict({ kind, time, act }: Spec): string | null {
  if (act === 'go on') return 'on'
  if (act === 'stop') return 'stop'
  if (act === 'refuse' || act === 'throw') return 'no'
  // A handler that returns has nothing to call twice or to forget.
  if (kind === 'return') return act === 'nonsense' ? 'STACK_BAD_RETURN' : 'on'
  // What a handler that takes next returns means nothing.
  if (act === 'nonsense') return 'on'
  if (act === 'twice') return time === 'now' ? 'STACK_SETTLED_TWICE' : 'on'
  return 'STACK_NOT_SETTLED'
}

function oracle(specs: readonly Spec[]): Wanted {
  const ran: number[] = []
  let sync = true
  for (const [i, spec] of specs.entries()) {
    ran.push(i)
    if (spec.time !== 'now' || (spec.kind === 'next' && spec.act === 'forget')) sync = false
    const outcome = verdict(spec)
    if (outcome === 'on') continue
    if (outcome === 'stop') return { ran, how: 'stopped', error: null, sync }
    return { ran, how: 'refused', error: outcome, sync }
  }
  return { ran, how: 'end', error: null, sync }
}

const no = Object.assign(new Error('refused'), { code: 'no' })

function act(spec: Spec, next: Next, done: Next): unknown {
  switch (spec.act) {
    case 'go on':
      return next()
    case 'stop':
      return done()
    case 'refuse':
      return next(no)
    case 'throw':
      throw no
    case 'twice':
      next()
      return done()
    case 'nonsense':
      next()
      return 'nonsense'
    case 'forget':
      return undefined
  }
}

function give(spec: Spec): unknown {
  if (spec.act === 'refuse' || spec.act === 'throw') throw no
  if (spec.act === 'stop') return DONE
  return spec.act === 'nonsense' ? 'nonsense' : undefined
}

function handlerOf(spec: Spec, ran: () => void): AnyHandler {
  const { kind, time } = spec
  if (kind === 'return') {
    if (time === 'now') {
      return (_a: unknown, _b: unknown) => {
        ran()
        return give(spec)
      }
    }
    return async (_a: unknown, _b: unknown) => {
      ran()
      if (time === 'later') await null
      return give(spec)
    }
  }
  if (time === 'now' && spec.act !== 'forget') {
    return (_a: unknown, _b: unknown, next: Next, done: Next) => {
      ran()
      return act(spec, next, done)
    }
  }
  return async (_a: unknown, _b: unknown, next: Next, done: Next) => {
    ran()
    await null
    act(spec, next, done)
  }
}

const spec = fc.record<Spec>({
  kind: fc.constantFrom(...kinds),
  time: fc.constantFrom(...times),
  // Mostly going on, or the rows would be short.
  act: fc.oneof({ weight: 4, arbitrary: fc.constant('go on' as const) }, fc.constantFrom(...acts))
})

/** A second call that meets a later step at its wait is what only strict mode sees (STYLE 5.4). */
function seenInProduction(spec: Spec): Spec {
  return spec.act === 'twice' && spec.time !== 'now' ? { ...spec, act: 'go on' } : spec
}

t.test('a row of handlers of all kinds does what a simple interpreter of it says', async t => {
  await fc.assert(
    fc.asyncProperty(fc.array(spec, { maxLength: 12 }), fc.boolean(), async (row, strict) => {
      const specs = strict ? row : row.map(seenInProduction)
      const wanted = oracle(specs)
      const ran: number[] = []
      const steps = stepsOf(
        specs.map((one, i) => handlerOf(one, () => ran.push(i))),
        { strict, report: () => {} }
      )
      const end = await ended(steps)
      const found: Wanted = {
        ran,
        how: end.how,
        error: (end.error as { code?: string } | null)?.code ?? null,
        sync: end.sync
      }
      if (JSON.stringify(found) !== JSON.stringify(wanted)) {
        throw new Error(`found ${JSON.stringify(found)}\nwanted ${JSON.stringify(wanted)}`)
      }
    }),
    { numRuns: 2000 }
  )
  t.equal(
    oracle([{ kind: 'next', time: 'now', act: 'twice' }]).error,
    'STACK_SETTLED_TWICE',
    'it knows faults'
  )
})

t.test('rows that run at the same time do not touch each other', async t => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(spec, { maxLength: 6 }), { minLength: 2, maxLength: 5 }),
      async rows => {
        const found = await Promise.all(
          rows.map(async specs => {
            const ran: number[] = []
            const handlers = specs.map((one, i) => handlerOf(one, () => ran.push(i)))
            const { how } = await ended(stepsOf(handlers, { report: () => {} }))
            return { how, ran }
          })
        )
        const wanted = rows.map(specs => {
          const { how, ran } = oracle(specs)
          return { how, ran }
        })
        if (JSON.stringify(found) !== JSON.stringify(wanted))
          throw new Error(JSON.stringify({ found, wanted }))
      }
    ),
    { numRuns: 300 }
  )
  t.match(oracle([{ kind: 'return', time: 'now', act: 'stop' }]), { how: 'stopped', ran: [0] })
})

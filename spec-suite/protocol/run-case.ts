import { Breach, NotApplicable } from './breach.js'
import type { BrokerFacts } from './broker/facts.js'
import type { SuiteCase } from './case.js'
import { cleanUp } from './clean-up.js'
import { Dialogue } from './dialogue.js'
import type { Target } from './link/link.js'
import type { CaseResult, Failure } from './result.js'
import { Scene } from './scene.js'
import { visible } from './visible.js'
import type { Violation } from './wire/violation.js'

/** A broker that cases run on, and what is known of it. */
export interface Place {
  readonly target: Target
  readonly facts: BrokerFacts
  readonly username?: string | undefined
  readonly password?: string | undefined
}

export interface CaseRun {
  readonly place: Place
  readonly unique: string
  /** In milliseconds. */
  readonly limit: number
  /** Why a failure is expected; undefined: it is not. */
  readonly known: string | undefined
  /** Ends it before it is through. */
  readonly signal?: AbortSignal | undefined
}

/** Runs one case, and cleans up behind it. null: it was stopped. */
export async function runCase(one: SuiteCase, options: CaseRun): Promise<CaseResult | null> {
  const { place, unique, limit, known, signal } = options
  const { target, facts, username, password } = place
  const dialogue = new Dialogue()
  const { version } = one
  const scene = new Scene({ version, target, dialogue, limit, facts, unique, username, password })
  const started = performance.now()
  const thrown = await unlessStopped(attempt(one, scene), signal)
  if (thrown === stopped) {
    await cleanUp(scene)
    return null
  }
  const result = { case: one, milliseconds: Math.round(performance.now() - started), target: target.name }
  const violations = distinct(scene.clients.flatMap(client => client.violations))
  if (thrown instanceof Breach) dialogue.add('', 'event', `BREACH: ${thrown.message}`)
  const { lines } = dialogue
  await cleanUp(scene)
  if (thrown instanceof NotApplicable && violations.length === 0) {
    return { ...result, outcome: 'skipped', reason: thrown.message, failure: null, dialogue: lines }
  }
  const failure = failureOf(one, thrown, violations)
  const outcome = failure ? 'failed' : 'passed'
  if (known === undefined) return { ...result, outcome, reason: '', failure, dialogue: lines }
  return {
    ...{ ...result, reason: known, failure, dialogue: lines },
    outcome: failure ? 'known failure' : 'unexpected pass'
  }
}

const stopped = Symbol('stopped')

async function unlessStopped(attempted: Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
  if (!signal) return attempted
  return new Promise(resolve => {
    const stop = () => resolve(stopped)
    signal.addEventListener('abort', stop, { once: true })
    attempted.then(thrown => {
      signal.removeEventListener('abort', stop)
      resolve(thrown)
    })
  })
}

async function attempt(one: SuiteCase, scene: Scene): Promise<unknown> {
  try {
    await one.run(scene)
    return null
  } catch (err) {
    return err
  }
}

function failureOf(one: SuiteCase, thrown: unknown, violations: readonly Violation[]): Failure | null {
  const passive = violations.flatMap(({ ids }) => ids)
  if (thrown instanceof Breach) {
    const { expected, received, ids } = thrown
    const broken = [...new Set([...(ids.length > 0 ? ids : one.proves), ...passive])]
    return { expected, received, ids: broken, violations, fault: '' }
  }
  if (thrown && !(thrown instanceof NotApplicable)) {
    const { message, stack = message } = thrown as Error
    return { expected: 'the case to run', received: message, ids: one.proves, violations, fault: stack }
  }
  const [first] = violations
  if (!first) return null
  const received = violations.length === 1 ? first.text : `${first.text}, and ${violations.length - 1} more`
  return {
    expected: 'only what a server may send',
    received,
    ids: [...new Set(passive)],
    violations,
    fault: ''
  }
}

/** A broker that sends rubbish breaks a rule with every byte; nobody reads more than these. */
const mostViolations = 50

function distinct(violations: readonly Violation[]): Violation[] {
  const found = [...new Map(violations.map(({ ids, text }) => [text, { ids, text: visible(text) }])).values()]
  return found.slice(0, mostViolations)
}

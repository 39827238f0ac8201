import { Breach, NotApplicable } from './breach.js'
import type { BrokerFacts } from './broker/facts.js'
import type { SuiteCase } from './case.js'
import { cleanUp } from './clean-up.js'
import { Dialogue } from './dialogue.js'
import type { Target } from './link/link.js'
import type { CaseResult, Failure } from './result.js'
import { Scene } from './scene.js'
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
}

/** Runs one case, and cleans up behind it. */
export async function runCase(one: SuiteCase, { place, unique, limit, known }: CaseRun): Promise<CaseResult> {
  const { target, facts, username, password } = place
  const dialogue = new Dialogue()
  const { version } = one
  const scene = new Scene({ version, target, dialogue, limit, facts, unique, username, password })
  const started = performance.now()
  const thrown = await attempt(one, scene)
  const result = { case: one, milliseconds: Math.round(performance.now() - started), target: target.name }
  const violations = distinct(scene.clients.flatMap(client => client.violations))
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

function distinct(violations: readonly Violation[]): Violation[] {
  return [...new Map(violations.map(one => [one.text, one])).values()]
}

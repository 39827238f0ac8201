import { suiteCases } from './cases/index.js'
import { caseTitle, failureLines } from './failure-text.js'
import type { CaseResult } from './result.js'
import { runSuite, type SuiteOptions } from './run.js'
import { selected } from './select.js'
import { versions as allVersions } from './version.js'

/** What a test body gets; tap and node:test both have it. */
export interface SuiteTestContext {
  skip?(reason?: string): unknown
}

/** A test function of tap or node:test; what a test body throws has to fail it. */
export type ProtocolTest = (name: string, body: (t: SuiteTestContext) => Promise<void>) => unknown

export interface ProtocolSuiteOptions extends SuiteOptions {
  /** `test` of node:test, `t.test` of tap, or the like. */
  readonly test: ProtocolTest
}

/** A case as lists show it: without what it does. */
export type CaseInfo = Omit<(typeof suiteCases)[number], 'run'>

/** Every case of the suite, by version and in the order of the first statement that it proves. */
export const cases: readonly CaseInfo[] = suiteCases

/**
 * The suite as tests, one for each case: `protocolSuite({ test, target: 'mqtt://localhost:1883' })`. The run begins with
 * the first test, with as many cases at a time as `parallel` says; each test waits for its own case. A case that fails
 * throws an Error with what was expected, what came and the whole dialogue. Cases whose needs the broker does not meet,
 * known failures, and cases of a version that the broker does not speak are skipped. The target has to listen when the
 * first test begins, not before.
 * @throws TypeError when `only` means nothing
 */
export function protocolSuite({ test, ...options }: ProtocolSuiteOptions): void {
  const { only, versions = allVersions } = options
  const run = once(() => start(options))
  for (const one of selected(suiteCases, only).filter(({ version }) => versions.includes(version))) {
    test(caseTitle(one), async t => {
      const { result, over } = run()
      const found = await Promise.race([result(one.id), over])
      judge(found ?? (await result(one.id, true)), t)
    })
  }
}

interface Run {
  /** The result of a case when it is there; `now`: null when it is not. */
  result(id: string, now?: boolean): Promise<CaseResult | null>
  /** Resolves to null when all cases have ended. */
  readonly over: Promise<null>
}

function start(options: SuiteOptions): Run {
  const results = new Map<string, CaseResult>()
  const waiting = new Map<string, (result: CaseResult) => void>()
  const over = runSuite({
    ...options,
    onResult(result, progress) {
      const { id } = result.case
      results.set(id, result)
      waiting.get(id)?.(result)
      options.onResult?.(result, progress)
    }
  }).then(() => null)
  return {
    over,
    result: (id, now = false) => {
      const found = results.get(id)
      if (found || now) return Promise.resolve(found ?? null)
      return new Promise(resolve => waiting.set(id, resolve))
    }
  }
}

function judge(result: CaseResult | null, t: SuiteTestContext): void {
  if (!result)
    return void t.skip?.('it did not run: the broker does not speak this version, or the run was stopped')
  const { outcome, reason } = result
  if (outcome === 'skipped') return void t.skip?.(reason)
  if (outcome === 'known failure') return void t.skip?.(`known failure: ${reason}`)
  if (outcome === 'unexpected pass') throw new Error(`it passes, but is a known failure: ${reason}`)
  if (outcome === 'failed') throw new Error(failureLines(result).join('\n'))
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

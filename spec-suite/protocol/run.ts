import { setMaxListeners } from 'node:events'
import type { BrokerFacts } from './broker/facts.js'
import { missing } from './broker/needs.js'
import type { SuiteCase } from './case.js'
import { suiteCases } from './cases/index.js'
import type { Target } from './link/link.js'
import { placesOf } from './places.js'
import type { CaseResult, SuiteReport, SuiteStart } from './result.js'
import { type Place, runCase } from './run-case.js'
import { runId } from './run-id.js'
import { selected } from './select.js'
import type { Version } from './version.js'

/** A broker, and what is to be known to talk to it. */
export interface BrokerUnderTest {
  /**
   * `mqtt://host:port`, `mqtts://`, `ws://`, `wss://`, all of them also with `user:password@`; or a target: one of
   * targetOf() with certificates, one of streamTarget() without a network, or one of one's own.
   */
  readonly target: string | Target
  /** Default: that of the URL, or none. */
  readonly username?: string | undefined
  /** Default: that of the URL, or none. */
  readonly password?: string | undefined
  /** What it offers, where that cannot be found out, or was found out wrongly. Default: what is found out. */
  readonly capabilities?: Partial<BrokerFacts> | undefined
}

export interface SuiteOptions extends BrokerUnderTest {
  /**
   * The same broker with other settings, for instance without retained messages: cases that need what the first one
   * does not have run here, on the first that has it. Default: none.
   */
  readonly also?: readonly BrokerUnderTest[] | undefined
  /** One that is named has to be spoken by the broker. Default: both, as far as the broker speaks them. */
  readonly versions?: readonly Version[] | undefined
  /** Statements (`3.8.4-8`), chapters (`3`, `3.8`), or cases by id or name. Default: everything. */
  readonly only?: readonly string[] | undefined
  /** Cases that are known to fail, by id (`5.0:granted-qos`) or name, with the reason. Default: none. */
  readonly knownFailures?: Readonly<Record<string, string>> | undefined
  /** Milliseconds that the broker has for an answer, and for taking a connection. Default: 5000. */
  readonly limit?: number | undefined
  /** How many cases run at a time; those that mostly wait are not counted. Default: 16. */
  readonly parallel?: number | undefined
  /** Stops the run: cases under way are given up and cleaned up, the report has what had ended. Default: none. */
  readonly signal?: AbortSignal | undefined
  /** Told when the broker has answered and the cases begin. */
  onStart?(start: SuiteStart): void
  /** Told after each case, in the order in which they end. */
  onResult?(result: CaseResult, progress: { readonly done: number; readonly all: number }): void
}

/**
 * Runs the suite against a broker. That a broker breaks the specification is no error, but in the report.
 * @throws TypeError when the options are wrong, BrokerUnusable when there is no broker or it speaks no wanted version
 */
export async function runSuite(options: SuiteOptions): Promise<SuiteReport> {
  const startedAt = new Date()
  const began = performance.now()
  const { limit = 5000, knownFailures = {}, only = [] } = options
  checkNumbers(options)
  const wanted = selected(suiteCases, only)
  const { places, refused } = await placesOf(options, limit)
  const [{ target, facts }] = places
  const versions = (options.versions ?? facts.versions) as readonly Version[]
  const cases = wanted.filter(({ version }) => versions.includes(version))
  const start = {
    target: target.name,
    facts,
    versions,
    refusedVersions: refused,
    planned: cases.length,
    only
  }
  options.onStart?.(start)
  const { signal, release } = stopSignal(options.signal)
  const results = await pool(cases, { ...options, signal }, (one, unique) => {
    const place = places.find(({ facts }) => offers(facts, one))
    const known = knownFailures[one.id] ?? knownFailures[one.name]
    return place ? runCase(one, { place, unique, limit, known, signal }) : skipped(one, places[0])
  }).finally(release)
  const milliseconds = Math.round(performance.now() - began)
  return { ...start, startedAt, milliseconds, interrupted: results.length < cases.length, results }
}

/** Many cases listen to it at a time: of a signal of others, Node.js would take that for a leak. */
function stopSignal(given: AbortSignal | undefined): { signal: AbortSignal | undefined; release(): void } {
  if (!given || given.aborted) return { signal: given, release() {} }
  const own = new AbortController()
  setMaxListeners(0, own.signal)
  const stop = () => own.abort(given.reason)
  given.addEventListener('abort', stop, { once: true })
  return { signal: own.signal, release: () => given.removeEventListener('abort', stop) }
}

/** @throws TypeError */
function checkNumbers({ limit = 1, parallel = 1, versions }: SuiteOptions): void {
  // What a timer of Node.js can wait.
  if (!(limit > 0 && limit < 2 ** 31))
    throw new TypeError(`limit is ${limit}: give milliseconds, more than 0`)
  if (!(Number.isInteger(parallel) && parallel > 0))
    throw new TypeError(`parallel is ${parallel}: give an integer, 1 or more`)
  if (versions?.length === 0) throw new TypeError('versions is empty: leave it out for both')
}

function offers(facts: BrokerFacts, { version, needs }: SuiteCase): boolean {
  return facts.versions.includes(version) && missing(needs, facts) === ''
}

function skipped(one: SuiteCase, { target, facts }: Place): CaseResult {
  return {
    ...{ case: one, outcome: 'skipped', milliseconds: 0, target: target.name },
    ...{ failure: null, reason: missing(one.needs, facts) || `needs MQTT ${one.version}`, dialogue: [] }
  }
}

/** Cases that wait for the clock are all begun at once; of the others some at a time. Results in the order of cases. */
async function pool(
  cases: readonly SuiteCase[],
  { parallel = 16, signal, onResult }: SuiteOptions,
  run: (one: SuiteCase, unique: string) => CaseResult | Promise<CaseResult | null>
): Promise<CaseResult[]> {
  const results: Array<CaseResult | null> = []
  const id = runId()
  let done = 0
  const runOne = async (at: number) => {
    if (signal?.aborted) return
    // All of one length: none is the beginning of another one.
    const result = await run(cases[at]!, `${id}${at.toString(36).padStart(3, '0')}`)
    results[at] = result
    if (result) onResult?.(result, { done: ++done, all: cases.length })
  }
  const waiting = [...cases.keys()].filter(at => cases[at]!.seconds > 0)
  const queue = [...cases.keys()].filter(at => cases[at]!.seconds === 0)
  const worker = async () => {
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) await runOne(at)
  }
  await Promise.all([...waiting.map(runOne), ...Array.from({ length: parallel }, worker)])
  return results.filter(result => result !== null && result !== undefined)
}

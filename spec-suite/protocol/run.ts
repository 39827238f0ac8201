import type { BrokerFacts } from './broker/facts.js'
import { missing } from './broker/needs.js'
import { probe } from './broker/probe.js'
import type { SuiteCase } from './case.js'
import { suiteCases } from './cases/index.js'
import type { Target } from './link/link.js'
import { targetOf } from './link/target.js'
import type { CaseResult, SuiteReport } from './result.js'
import { type Place, runCase } from './run-case.js'
import { selected } from './select.js'
import { type Version, versions } from './version.js'

/** A broker, and what is to be known to talk to it. */
export interface BrokerUnderTest {
  /** `mqtt://host:port`, `mqtts://`, `ws://`, `wss://`, or a target of one's own. */
  readonly target: string | Target
  readonly username?: string | undefined
  readonly password?: string | undefined
  /** What it offers, where that cannot be found out, or was found out wrongly. */
  readonly capabilities?: Partial<BrokerFacts>
}

export interface SuiteOptions extends BrokerUnderTest {
  /**
   * The same broker with other settings, for instance without retained messages: cases that need what the first one
   * does not have run here, on the first that has it.
   */
  readonly also?: readonly BrokerUnderTest[]
  /** Default: both. One that was named has to be spoken by the broker. */
  readonly versions?: readonly Version[]
  /** Statements (`5.0 MQTT-3.8.4-8`, of both versions without `5.0`), chapters (`3`, `3.8`), or names of cases. Default: everything. */
  readonly only?: readonly string[]
  /** Cases that are known to fail, by id (`5.0:granted-qos`) or name, with the reason. */
  readonly knownFailures?: Readonly<Record<string, string>>
  /** Milliseconds that the broker has for an answer. Default: 5000. */
  readonly limit?: number
  /** How many cases run at a time; those that mostly wait are not counted. Default: 16. */
  readonly parallel?: number
  /** Told after each case, in the order in which they end. */
  onResult?(result: CaseResult, progress: { readonly done: number; readonly all: number }): void
}

/**
 * Runs the suite against a broker.
 * @throws TypeError when the options are wrong, Breach when there is no broker or it speaks no wanted version
 */
export async function runSuite(options: SuiteOptions): Promise<SuiteReport> {
  const startedAt = new Date()
  const started = performance.now()
  const { limit = 5000, knownFailures = {} } = options
  const wanted = selected(suiteCases, options.only)
  const wantedVersions = options.versions ?? versions
  const [first, ...others] = await Promise.all(
    [options, ...(options.also ?? [])].map(one => placeOf(one, wantedVersions, limit))
  )
  const { place, refused } = first!
  const places = [place, ...others.map(one => one.place)]
  const own = wanted.filter(({ version }) => place.facts.versions.includes(version))
  const cases = own.filter(({ version }) => wantedVersions.includes(version))
  const results = await pool(cases, options, (one, unique) => {
    const known = knownFailures[one.id] ?? knownFailures[one.name]
    const where = places.find(
      ({ facts }) => facts.versions.includes(one.version) && missing(one.needs, facts) === ''
    )
    if (!where) return skipped(one, place)
    return runCase(one, { place: where, unique, limit, known })
  })
  return {
    ...{ target: place.target.name, startedAt, milliseconds: Math.round(performance.now() - started) },
    ...{ facts: place.facts, refusedVersions: refused, results },
    versions: wantedVersions.filter(version => place.facts.versions.includes(version))
  }
}

async function placeOf(one: BrokerUnderTest, wanted: readonly Version[], limit: number) {
  const { username, password, capabilities: given = {} } = one
  const target = typeof one.target === 'string' ? targetOf(one.target) : one.target
  const unique = `${runId()}0`
  const { facts, refused } = await probe({
    target,
    versions: wanted,
    given,
    username,
    password,
    unique,
    limit
  })
  const place: Place = { target, facts, username, password }
  return { place, refused }
}

function skipped(one: SuiteCase, { target, facts }: Place): CaseResult {
  const reason = missing(one.needs, facts)
  return {
    ...{
      case: one,
      outcome: 'skipped',
      milliseconds: 0,
      target: target.name,
      failure: null,
      reason,
      dialogue: []
    }
  } as CaseResult
}

/** Cases that wait for the clock are all begun at once; of the others some at a time. Results in the order of cases. */
async function pool(
  cases: readonly SuiteCase[],
  { parallel = 16, onResult }: SuiteOptions,
  run: (one: SuiteCase, unique: string) => CaseResult | Promise<CaseResult>
): Promise<CaseResult[]> {
  const results: CaseResult[] = []
  const id = runId()
  let done = 0
  const runOne = async (at: number) => {
    const result = await run(cases[at]!, `${id}${at.toString(36)}`)
    results[at] = result
    onResult?.(result, { done: ++done, all: cases.length })
  }
  const waiting = [...cases.keys()].filter(at => cases[at]!.seconds > 0)
  const queue = [...cases.keys()].filter(at => cases[at]!.seconds === 0)
  const worker = async () => {
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) await runOne(at)
  }
  await Promise.all([...waiting.map(runOne), ...Array.from({ length: parallel }, worker)])
  return results
}

/** Five letters and digits: runs at the same time do not meet. */
function runId(): string {
  return Math.floor(Math.random() * 36 ** 5)
    .toString(36)
    .padStart(5, '0')
}

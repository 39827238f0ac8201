import { BrokerUnusable } from '../../../spec-suite/protocol/broker/unusable.js'
import { type Comparison, compared } from '../../../spec-suite/protocol/compare.js'
import { reporters } from '../../../spec-suite/protocol/reporters/index.js'
import { isGood, type SuiteReport, totalsLine } from '../../../spec-suite/protocol/result.js'
import { runSuite, type SuiteOptions } from '../../../spec-suite/protocol/run.js'
import { failure } from '../command-error.js'
import { checkOutput, writeOutput } from '../output.js'
import type { CommandProcess } from '../process.js'
import { nextStep } from './advice.js'
import { specHelp } from './help.js'
import { caseList, coverageText } from './lists.js'
import { Progress } from './progress.js'
import { type SpecSettings, specSettings } from './settings.js'

/** `stackmq spec`. Resolves to the exit code. @throws CommandError when it cannot run */
export async function specCommand(args: readonly string[], own: CommandProcess): Promise<number> {
  const settings = specSettings(args, own.env)
  const { what, suite } = settings
  if (what === 'help') await own.print(specHelp())
  else if (what === 'list') await own.print(caseList(suite))
  else if (what === 'coverage') await own.print(coverageText())
  else return judge(settings, own)
  return 0
}

async function judge(settings: SpecSettings, own: CommandProcess): Promise<number> {
  const { suite, against, reporter, output } = settings
  if (output !== null) checkOutput(output)
  const stop = stopper(own)
  const report = await judged(suite, settings, own, stop)
  const { knownFailures: _, capabilities: __, also: ___, ...same } = suite
  const there =
    against && !report.interrupted ? await judged({ ...same, ...against }, settings, own, stop) : null
  const comparison: Comparison | null = there && compared(report, there)
  const color = output === null && own.isTerminal && !own.env.NO_COLOR
  const text = reporters[reporter]({ report, comparison }, { color })
  if (output === null) await own.print(text)
  else {
    writeOutput(output, text)
    await own.print(`${totalsLine(report.results)}; the report is in ${output}\n`)
  }
  if (stop.code > 0) return stop.code
  return isGood(report) ? 0 : 1
}

async function judged(
  suite: SuiteOptions,
  { reporter, output, against }: SpecSettings,
  own: CommandProcess,
  stop: Stopper
): Promise<SuiteReport> {
  const progress = new Progress(own, reporter === 'pretty' && output === null, undefined, against !== null)
  try {
    const report = await runSuite({
      ...{ ...suite, signal: stop.signal },
      onStart: start => {
        stop.begun = true
        progress.begin(start)
      },
      onResult: (result, { done }) => progress.result(result, done)
    })
    if (report.planned === 0) {
      throw failure([
        `${report.target}: no case is left; none of those that were chosen is for MQTT ${report.versions}`
      ])
    }
    return report
  } catch (err) {
    if (!(err instanceof BrokerUnusable)) throw err
    throw failure([`${err.message}; ${nextStep(err)}`])
  } finally {
    progress.end()
  }
}

interface Stopper {
  readonly signal: AbortSignal
  /** What to exit with; 0 as long as nobody stopped it. */
  readonly code: number
  /** There are cases that have to be cleaned up. */
  begun: boolean
}

/** The first signal stops the run, the second one the process; before the cases begin, the first one. */
function stopper(own: CommandProcess): Stopper {
  const controller = new AbortController()
  const stop = { signal: controller.signal, code: 0, begun: false }
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143]
  ] as const) {
    own.on(signal, () => {
      if (stop.code > 0 || !stop.begun) return own.exit(code)
      stop.code = code
      controller.abort()
    })
  }
  return stop
}

import { caseTitle } from '../../../spec-suite/protocol/failure-text.js'
import { painter } from '../../../spec-suite/protocol/reporters/paint.js'
import type { CaseResult, SuiteStart } from '../../../spec-suite/protocol/result.js'
import type { CommandProcess } from '../process.js'

/** Milliseconds between two looks at the clock. */
const beat = 250
/** Milliseconds: nothing is shown before the first, and a pipe gets a line after each of the second. */
const [quiet, pause] = [2000, 10_000]

/** Time, as far as it is needed here; tests have their own. */
export interface ProgressClock {
  /** In milliseconds. */
  now(): number
  /** Gives a function that ends it. */
  every(milliseconds: number, run: () => void): () => void
}

const realTime: ProgressClock = {
  now: () => performance.now(),
  every: (milliseconds, run) => {
    const timer = setInterval(run, milliseconds)
    return () => clearInterval(timer)
  }
}

/** Says how far it is: a line that is written over on a terminal, or a line now and then; failures as they come. */
export class Progress {
  readonly #own: CommandProcess
  /** Failures go to standard output, where the report will be; else to standard error. */
  readonly #printed: boolean
  readonly #clock: ProgressClock
  /** Two brokers are judged: a failure says on which. */
  readonly #named: boolean
  #start: SuiteStart | undefined
  #began = 0
  #told = 0
  #done = 0
  #failed = 0
  #stop: () => void = () => {}
  #shown = false

  constructor(own: CommandProcess, printed: boolean, clock: ProgressClock = realTime, named = false) {
    this.#named = named
    this.#clock = clock
    this.#own = own
    this.#printed = printed
  }

  begin(start: SuiteStart): void {
    this.#start = start
    this.#began = this.#clock.now()
    this.#told = quiet - pause
    this.#stop = this.#clock.every(beat, () => this.#tick())
  }

  result(result: CaseResult, done: number): void {
    this.#done = done
    if (result.outcome === 'failed') this.#failure(result)
  }

  end(): void {
    this.#stop()
    this.#clear()
  }

  #failure({ case: one, failure }: CaseResult): void {
    this.#failed++
    this.#clear()
    const terminal = this.#printed ? this.#own.isTerminal : this.#own.isErrorTerminal
    const paint = painter(terminal && !this.#own.env.NO_COLOR)
    const what = `expected ${failure!.expected}, but ${failure!.received}`
    const where = this.#named ? `${this.#start!.target} ` : ''
    const line = `${paint('red', '✖')} ${where}${caseTitle(one)}: ${what}\n`
    if (this.#printed) this.#own.print(line)
    else this.#own.complain(line)
  }

  #tick(): void {
    const passed = this.#clock.now() - this.#began
    if (this.#own.isErrorTerminal) {
      this.#shown = true
      // A line that is broken into two could not be written over.
      const width = (this.#own.errorColumns || 80) - 1
      this.#own.complain(`\r\x1b[2K${this.#line(passed).slice(-width)}`)
      return
    }
    if (passed - this.#told < pause) return
    this.#told = passed
    this.#own.complain(`${this.#line(passed)}\n`)
  }

  #line(passed: number): string {
    const { target, planned } = this.#start!
    const left = planned - this.#done
    const failed = this.#failed > 0 ? `, ${this.#failed} failed` : ''
    return `${target}: ${this.#done} of ${planned} cases${failed}, ${Math.round(passed / 1000)} s, ${left} to go`
  }

  #clear(): void {
    if (this.#shown) this.#own.complain('\r\x1b[2K')
    this.#shown = false
  }
}

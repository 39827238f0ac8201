/** What came of a run: assertions that passed and failed. */
export interface Totals {
  passed: number
  failed: number
}

/**
 * Reads the TAP of a whole run line by line and says what people want to see of it: a line for each file that is
 * finished, and for one that failed its failures.
 */
export class TapOutput {
  /** tap's own count, null until it came. */
  totals: Totals | null = null
  /** Files without a single assertion: they prove nothing, so they count as failed. */
  readonly empty: string[] = []
  /** The subtests that are open, by their indentation, and how many points there were before them. */
  readonly #open: Array<{ title: string; before: number }> = []
  #points = 0
  #passed = 0
  #failures: string[] = []
  /** The diagnostics of a failure are being read. */
  #inFailure = false

  /** Takes a line, returns what to print. */
  line(text: string): string[] {
    const [, spaces = '', rest = ''] = /^( *)(.*)$/.exec(text)!
    const depth = spaces.length / 4
    const subtest = /^# Subtest: (.*)$/.exec(rest)
    if (subtest) this.#open[depth] = { title: subtest[1]!, before: this.#points }
    else if (depth === 0) return this.#topLevel(rest)
    else this.#within(depth, rest, text)
    return []
  }

  #topLevel(rest: string): string[] {
    const counts = /^# \{ total: (\d+).*\}$/.exec(rest)
    if (counts) this.#count(rest)
    const point = /^(not )?ok \d+ - (.*?)(?: # time=([\d.]+)ms)?( # SKIP.*)?$/.exec(rest)
    if (!point) return []
    const [, not, file = '', time = '0'] = point
    const [passed, failures] = [this.#passed, this.#failures]
    this.#passed = 0
    this.#failures = []
    this.#open.length = 0
    if (!not && passed === 0 && failures.length === 0) {
      this.empty.push(file)
      return [`FAIL ${file}: no assertion`]
    }
    const seconds = (Number(time) / 1000).toFixed(1)
    return [`${not ? 'FAIL' : 'ok  '} ${file} (${passed} passed, ${seconds} s)`, ...failures]
  }

  #within(depth: number, rest: string, text: string): void {
    const point = /^(not )?ok \d+(?: - (.*?))?(?: # time=[\d.]+ms)?( \{)?$/.exec(rest)
    if (!point) {
      if (this.#inFailure && !/^\s*(---|\.\.\.)$/.test(text)) this.#failures.push(text)
      if (rest === '...') this.#inFailure = false
      return
    }
    const [, not, title = ''] = point
    this.#inFailure = false
    const subtest = this.#open[depth]
    this.#open.length = Math.min(this.#open.length, depth)
    // The point of a subtest only sums up; one that had none within stands for itself, as it does for tap.
    if (subtest && this.#points > subtest.before) return
    this.#points++
    if (!not) {
      this.#passed++
      return
    }
    this.#inFailure = true
    this.#failures.push(
      '',
      `    ✖ ${[...this.#open.slice(1).map(one => one.title), title].filter(Boolean).join(' › ')}`
    )
  }

  #count(rest: string): void {
    const of = (name: string) => Number(new RegExp(`\\b${name}: (\\d+)`).exec(rest)?.[1] ?? 0)
    this.totals = { passed: of('pass'), failed: of('fail') }
  }
}

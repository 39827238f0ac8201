import type { LogTarget } from './log.js'

export type Signal = 'SIGINT' | 'SIGTERM'

/** What the command needs of the process it runs in; a test makes its own. */
export interface CommandProcess {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean
  /** Whether standard error is one: lines there can be written over. */
  readonly isErrorTerminal: boolean
  /** How wide that terminal is. */
  readonly errorColumns?: number | undefined
  /** A text for people, which needs no log. */
  print(text: string): Promise<void>
  complain(text: string): void
  logTarget(): LogTarget
  on(event: Signal | 'uncaughtException', listener: (what: unknown) => void): unknown
  /** Ends it at once. */
  exit(code: number): void
}

/** The real one. A reader that has gone (EPIPE: `stackmq --help | head -1`) is no error. */
export function thisProcess(target: () => LogTarget): CommandProcess {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  return {
    env: process.env,
    isTerminal: process.stdout.isTTY === true,
    isErrorTerminal: process.stderr.isTTY === true,
    // It may change.
    get errorColumns() {
      return process.stderr.columns
    },
    print: text => new Promise(resolve => process.stdout.write(text, () => resolve())),
    complain: text => {
      process.stderr.write(text)
    },
    logTarget: target,
    on: (event, listener) => process.on(event, listener),
    exit: code => process.exit(code)
  }
}

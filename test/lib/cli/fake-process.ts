import { EventEmitter } from 'node:events'
import type { CommandProcess, Signal } from '../../../lib/cli/process.js'
import type { Line } from './command.js'

/** A process for the command that is none: what it prints, logs and complains about is kept. */
export class FakeProcess implements CommandProcess {
  readonly env: Record<string, string>
  readonly isTerminal: boolean
  readonly isErrorTerminal: boolean
  errorColumns: number | undefined
  printed = ''
  complaints = ''
  logged = ''
  readonly exits: number[] = []
  readonly #events = new EventEmitter()
  #wake: Array<() => void> = []

  constructor(env: Record<string, string> = {}, isTerminal = false) {
    this.env = env
    this.isTerminal = isTerminal
    this.isErrorTerminal = isTerminal
  }

  get lines(): Line[] {
    return this.logged
      .split('\n')
      .filter(line => line.startsWith('{'))
      .map(line => JSON.parse(line))
  }

  async print(text: string): Promise<void> {
    this.printed += text
  }

  complain(text: string): void {
    this.complaints += text
  }

  logTarget() {
    return {
      write: (line: string) => {
        this.logged += line
        const wake = this.#wake
        this.#wake = []
        for (const go of wake) go()
      }
    }
  }

  on(event: Signal | 'uncaughtException', listener: (what: unknown) => void): void {
    this.#events.on(event, listener)
  }

  exit(code: number): void {
    this.exits.push(code)
  }

  emit(event: Signal | 'uncaughtException', what?: unknown): void {
    this.#events.emit(event, what)
  }

  /** Resolves when this was logged. */
  async saw(text: string): Promise<void> {
    while (!this.logged.includes(text)) await new Promise<void>(resolve => this.#wake.push(resolve))
  }
}

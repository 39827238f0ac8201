import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

interface Line {
  level: number
  msg: string
  port?: number
  err?: { message: string }
}

/** `stackmq start --data` as a process. */
export class BrokerProcess {
  readonly #child: ChildProcess
  #port = 0
  #killed = false
  /** Warnings and errors it logged, and what it wrote to standard error. */
  readonly complaints: string[] = []
  /** The port, when it is ready; null when it ended before. */
  readonly ready: Promise<number | null>
  /** Whether it ended because it was told to. */
  readonly ended: Promise<boolean>

  /** `main`: the command, built, or as a source with a loader in `node`. */
  constructor(main: string, args: readonly string[], node: readonly string[] = []) {
    const { PATH = '' } = process.env
    this.#child = spawn(process.execPath, [...node, main, 'start', '--port', '0', ...args], {
      ...{ env: { PATH }, stdio: ['ignore', 'pipe', 'pipe'] }
    })
    // A harness that fails leaves no broker behind.
    const kill = () => this.#child.kill('SIGKILL')
    process.once('exit', kill)
    const lines = createInterface({ input: this.#child.stdout! })
    this.ended = new Promise(resolve => {
      this.#child.once('close', () => {
        process.off('exit', kill)
        resolve(this.#killed)
      })
    })
    this.ready = new Promise(resolve => {
      lines.on('line', text => this.#line(text, resolve))
      this.#child.once('close', () => resolve(null))
    })
    this.#child.stderr!.on('data', chunk => this.complaints.push(String(chunk).trim()))
  }

  /** SIGKILL; settles when it is gone. */
  kill(): Promise<boolean> {
    this.#killed = true
    this.#child.kill('SIGKILL')
    return this.ended
  }

  /** The clean way. */
  stop(): Promise<boolean> {
    this.#killed = true
    this.#child.kill('SIGTERM')
    return this.ended
  }

  #line(text: string, ready: (port: number) => void): void {
    if (!text.startsWith('{')) return
    const { level, msg, port, err } = JSON.parse(text) as Line
    if (level >= 50) this.complaints.push(err ? `${msg}: ${err.message}` : msg)
    if (msg.startsWith('listening') && port !== undefined) this.#port = port
    if (msg === 'ready') ready(this.#port)
  }
}

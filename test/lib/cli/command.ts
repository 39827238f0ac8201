import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import type { NetConnectOpts } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { buildIfStale } from '../../support/build.js'
import { type NetPeer, tcpPeer } from '../../support/net-peer.js'

const main = fileURLToPath(new URL('../../../dist/lib/cli/main.js', import.meta.url))

/** What the command logs, as JSON. */
export interface Line {
  level: number
  msg: string
  [field: string]: unknown
}

export interface CommandOptions {
  env?: Record<string, string>
  /** Arguments of Node itself. */
  node?: string[]
}

/** By protocol; there are those that were asked for. */
export interface Ports {
  tcp: number
  ws: number
}

let built = false

function build(): void {
  const complaints = built ? '' : buildIfStale()
  if (complaints !== '') throw new Error(`the build failed\n${complaints}`)
  built = true
}

/** The built command as a process of its own; its log comes as events. */
export class Command {
  readonly child: ChildProcess
  /** Everything it logged. */
  readonly lines: Line[] = []
  stdout = ''
  stderr = ''
  /** Exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>
  #wake: Array<() => void> = []
  #gone = false

  constructor(args: readonly string[], { env = {}, node = [] }: CommandOptions = {}) {
    build()
    // Nothing of the test runner, and no settings of whoever runs the tests.
    const { PATH = '' } = process.env
    this.child = spawn(process.execPath, [...node, main, ...args], {
      env: { PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe']
    })
    // A test that fails leaves no broker behind.
    const kill = () => this.child.kill('SIGKILL')
    process.once('exit', kill)
    createInterface({ input: this.child.stdout! }).on('line', line => this.#line(line))
    this.child.stderr!.on('data', chunk => {
      this.stderr += chunk
    })
    this.exited = new Promise(resolve => {
      this.child.once('close', (code, signal) => {
        process.off('exit', kill)
        this.#gone = true
        this.#woken()
        resolve(code ?? signal!)
      })
    })
  }

  /** The next line of this text that nobody took; fails when the process ends first. */
  async next(msg: string, fields: Record<string, unknown> = {}): Promise<Line> {
    for (;;) {
      const at = this.lines.findIndex(
        line =>
          line.msg.startsWith(msg) && Object.entries(fields).every(([name, value]) => line[name] === value)
      )
      if (at >= 0) return this.lines.splice(at, 1)[0]!
      if (this.#gone) {
        throw new Error(
          `the process ended, '${msg}' was expected\n${this.stderr}${JSON.stringify(this.lines)}`
        )
      }
      await new Promise<void>(resolve => this.#wake.push(resolve))
    }
  }

  /** The ports it listens on, by protocol, when it is ready. */
  async ready(): Promise<Ports> {
    await this.next('ready')
    const open = this.lines.filter(({ msg }) => msg.startsWith('listening'))
    return Object.fromEntries(open.map(({ protocol, port }) => [protocol, port])) as unknown as Ports
  }

  /** Stops it the clean way. */
  stop(): Promise<number | NodeJS.Signals> {
    this.child.kill('SIGTERM')
    return this.exited
  }

  #line(text: string): void {
    this.stdout += `${text}\n`
    if (text.startsWith('{')) this.lines.push(JSON.parse(text))
    this.#woken()
  }

  #woken(): void {
    const wake = this.#wake
    this.#wake = []
    for (const go of wake) go()
  }
}

/** A client of the command: it waits as long as another process takes. */
export async function clientOf(where: NetConnectOpts, version?: 3 | 4 | 5): Promise<NetPeer> {
  return patient(await tcpPeer({ host: '127.0.0.1', ...where }, version))
}

export function patient(peer: NetPeer): NetPeer {
  peer.patience = Number.POSITIVE_INFINITY
  return peer
}

/** For sockets: their paths have at most 107 bytes, and the folders of tap are deep. */
export function shortFolder(t: { teardown(clean: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'mq-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Runs a command that ends by itself. */
export async function ran(args: readonly string[], options?: CommandOptions) {
  const command = new Command(args, options)
  const code = await command.exited
  return { code, stdout: command.stdout, stderr: command.stderr }
}

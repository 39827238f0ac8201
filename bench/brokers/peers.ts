import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { modulePath } from '../module-path.js'
import { type BrokerProcess, freePort, started } from './broker-process.js'

export interface Contender {
  readonly name: string
  /** `data`: it stores in a directory. @throws Error when it is not on this machine, cannot do that, or does not start */
  start(data?: boolean): Promise<BrokerProcess>
}

const require = createRequire(import.meta.url)

/** `stackmq start`, with the settings that everybody gets. */
const stackmq: Contender = {
  name: 'stackmq',
  async start(data) {
    const port = await freePort()
    const directory = data ? newDirectory() : undefined
    const description = require.resolve('stackmq/package.json')
    const { version, bin } = JSON.parse(readFileSync(description, 'utf8'))
    const main = join(dirname(description), bin.stackmq)
    const options = ['--port', `${port}`, '--log-level', 'warn', ...(directory ? ['--data', directory] : [])]
    const what = { name: 'stackmq', version, settings: directory ? '--data' : '' }
    return withDirectory(await started(what, port, [process.execPath, main, 'start', ...options]), directory)
  }
}

/** Nothing is limited that would drop messages, and no delay is added: the two settings that the figures need. */
const limits = ['max_queued_messages 0', 'max_inflight_messages 0', 'set_tcp_nodelay true']

/** The most that it can promise: it writes everything to its file whenever something has changed, at the end of a second. */
const persistence = ['persistence true', 'autosave_on_changes false', 'autosave_interval 1']

const mosquitto: Contender = {
  name: 'mosquitto',
  async start(data) {
    const port = await freePort()
    const path = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`
    const { stdout = '' } = spawnSync('mosquitto', ['-h'], {
      encoding: 'utf8',
      env: { ...process.env, PATH: path }
    })
    const version = /version (\S+)/.exec(stdout ?? '')?.[1] ?? ''
    if (!version) throw new Error('there is no mosquitto here: apt-get install mosquitto')
    const directory = newDirectory()
    const settings = data ? [...limits, ...persistence] : limits
    const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', ...settings]
    // It gives up its rights, and has to write there.
    if (data) lines.push(`persistence_location ${directory}/`, `user ${userInfo().username}`)
    const file = `${directory}.conf`
    writeFileSync(file, `${lines.join('\n')}\n`)
    const command = ['/usr/bin/env', `PATH=${path}`, 'mosquitto', '-c', file] as const
    const broker = await started({ name: 'mosquitto', version, settings: settings.join(', ') }, port, command)
    return withDirectory(broker, data ? directory : undefined)
  }
}

const aedes: Contender = {
  name: 'aedes',
  async start(data) {
    if (data) throw new Error('aedes stores in databases of others')
    const port = await freePort()
    const { version } = JSON.parse(
      readFileSync(new URL('package.json', pathToFileURL(require.resolve('aedes'))), 'utf8')
    )
    const script = modulePath('./aedes', import.meta.url)
    return started({ name: 'aedes', version, settings: '' }, port, [
      process.execPath,
      ...process.execArgv,
      script,
      `${port}`
    ])
  }
}

/** Everybody who can be compared, our broker first. */
export const contenders: readonly Contender[] = [stackmq, mosquitto, aedes].map(repeatable)

function repeatable({ name, start }: Contender): Contender {
  return { name, start: async data => ({ ...(await start(data)), another: () => start(data) }) }
}

function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'stackmq-bench-'))
}

function withDirectory(broker: BrokerProcess, directory: string | undefined): BrokerProcess {
  if (directory === undefined) return broker
  const stop = async () => {
    await broker.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  return { ...broker, directory, stop }
}

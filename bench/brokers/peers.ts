import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { modulePath } from '../module-path.js'
import { type BrokerProcess, freePort, started } from './broker-process.js'

export interface Contender {
  readonly name: string
  /** @throws Error when it is not on this machine, or does not start */
  start(): Promise<BrokerProcess>
}

const require = createRequire(import.meta.url)

/** `stackmq start`, with the settings that everybody gets. */
const stackmq: Contender = {
  name: 'stackmq',
  async start() {
    const port = await freePort()
    const description = require.resolve('stackmq/package.json')
    const { version, bin } = JSON.parse(readFileSync(description, 'utf8'))
    const main = join(dirname(description), bin.stackmq)
    return started({ name: 'stackmq', version, settings: '' }, port, [
      process.execPath,
      main,
      'start',
      '--port',
      `${port}`,
      '--log-level',
      'warn'
    ])
  }
}

/** Nothing is limited that would drop messages, and no delay is added: the two settings that the figures need. */
const limits = ['max_queued_messages 0', 'max_inflight_messages 0', 'set_tcp_nodelay true']

const mosquitto: Contender = {
  name: 'mosquitto',
  async start() {
    const port = await freePort()
    const path = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`
    const { stdout = '' } = spawnSync('mosquitto', ['-h'], {
      encoding: 'utf8',
      env: { ...process.env, PATH: path }
    })
    const version = /version (\S+)/.exec(stdout ?? '')?.[1] ?? ''
    if (!version) throw new Error('there is no mosquitto here: apt-get install mosquitto')
    const file = join(mkdtempSync(join(tmpdir(), 'stackmq-bench-')), 'mosquitto.conf')
    writeFileSync(file, [`listener ${port} 127.0.0.1`, 'allow_anonymous true', ...limits, ''].join('\n'))
    const settings = limits.join(', ')
    return started({ name: 'mosquitto', version, settings }, port, [
      '/usr/bin/env',
      `PATH=${path}`,
      'mosquitto',
      '-c',
      file
    ])
  }
}

const aedes: Contender = {
  name: 'aedes',
  async start() {
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
  return { name, start: async () => ({ ...(await start()), another: start }) }
}

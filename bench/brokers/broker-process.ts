import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Where } from '../load/load-client.js'

/** A broker that is measured, in a process of its own. */
export interface BrokerProcess {
  readonly name: string
  readonly version: string
  /** What is not as it is by default. */
  readonly settings: string
  readonly where: Where
  readonly pid: number
  /** Where it stores, if it does. */
  readonly directory?: string
  /** Another process of the same, with nothing in its memory yet. Without it there is only this one. */
  another?(): Promise<BrokerProcess>
  stop(): Promise<void>
}

/** A port that nobody has now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Starts a command that listens on a port, and waits until it does. @throws Error when it does not */
export async function started(
  { name, version, settings }: Pick<BrokerProcess, 'name' | 'version' | 'settings'>,
  port: number,
  [command, ...args]: readonly [string, ...string[]]
): Promise<BrokerProcess> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaints = ''
  child.stderr!.on('data', chunk => {
    complaints = `${complaints}${chunk}`.slice(-2000)
  })
  const where = { port, host: '127.0.0.1' }
  try {
    await listening(child, where)
  } catch (err) {
    child.kill('SIGKILL')
    throw new Error(`${name} does not start: ${(err as Error).message}\n${complaints}`)
  }
  return { name, version, settings, where, pid: child.pid!, stop: () => stopped(child) }
}

async function listening(child: ChildProcess, where: Where): Promise<void> {
  let failed: Error | null = null
  child.once('error', err => {
    failed = err
  })
  child.once('exit', code => {
    failed = new Error(`it ended with ${code}`)
  })
  for (let i = 0; i < 500; i++) {
    if (failed) throw failed
    if (await accepts(where)) return
    await sleep(20)
  }
  throw new Error('it does not listen after 10 seconds')
}

async function accepts(where: Where): Promise<boolean> {
  const socket = connect(where)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill()
  const dead = once(child, 'exit')
  if ((await Promise.race([dead, sleep(3000)])) === undefined) child.kill('SIGKILL')
  await dead
}

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'

// Debian has it where only root looks.
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` }

/** The version of the mosquitto broker on this machine, '' where there is none. */
export const mosquittoVersion =
  /mosquitto version (\S+)/.exec(
    spawnSync('mosquitto', ['-h'], { env, encoding: 'utf8' }).stdout ?? ''
  )?.[1] ?? ''

/** A folder that is gone after the test; mosquitto drops its rights and still has to read it. */
export function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'stackmq-mosquitto-'))
  chmodSync(path, 0o755)
  t.teardown(() => rmSync(path, { recursive: true }))
  return path
}

/** Runs a mosquitto of these settings until the test is over; `ports` have to answer before it returns. */
export async function mosquitto(t: Test, settings: string, ports: readonly number[]): Promise<void> {
  const file = join(folder(t), 'mosquitto.conf')
  writeFileSync(file, settings)
  const child = spawn('mosquitto', ['-c', file], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.on('data', chunk => {
    log += chunk
  })
  const ended = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await ended
  })
  for (const port of ports) {
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new Error(`mosquitto does not start: ${log}`)
      await sleep(20)
    }
  }
}

/** A password file with one user. */
export function passwordFile(t: Test, user: string, password: string): string {
  const file = join(folder(t), 'passwords')
  const { status, stderr } = spawnSync('mosquitto_passwd', ['-c', '-b', file, user, password], { env })
  if (status !== 0) throw new Error(`mosquitto_passwd: ${stderr}`)
  chmodSync(file, 0o644)
  return file
}

async function answers(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

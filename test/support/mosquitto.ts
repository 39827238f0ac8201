import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'

/** Whether Debian's mosquitto-clients is here. */
export const hasMosquitto = spawnSync('mosquitto_sub', ['--help']).error === undefined

export interface Finished {
  code: number | null
  lines: string[]
  complaints: string
}

/** Runs one of the command line clients; resolves when it has ended by itself. */
export async function run(t: Test, command: string, args: readonly string[], input = ''): Promise<Finished> {
  const child = spawn(command, [...args])
  t.teardown(() => child.kill())
  const [out, complaints] = [[] as Buffer[], [] as Buffer[]]
  child.stdout.on('data', chunk => out.push(chunk))
  child.stderr.on('data', chunk => complaints.push(chunk))
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  const lines = String(Buffer.concat(out)).split('\n').slice(0, -1)
  return { code, lines, complaints: String(Buffer.concat(complaints)) }
}

import { readFileSync } from 'node:fs'

/** What a process has used so far. Linux only: read from /proc. */
export interface ProcessUsage {
  /** User and system time of all threads, in microseconds. */
  readonly cpu: number
  /** Resident memory in bytes. */
  readonly memory: number
}

/** Ticks of /proc are hundredths of a second on every Linux that Node.js runs on. */
const microsecondsPerTick = 10_000

/** @throws Error when there is no such process, or no /proc */
export function usageOf(pid: number): ProcessUsage {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
  return { cpu: (Number(fields[11]) + Number(fields[12])) * microsecondsPerTick, memory: kilobytes * 1024 }
}

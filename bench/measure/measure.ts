import { fork } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { BrokerProcess } from '../brokers/broker-process.js'
import type { Found, Order, Report } from '../load/messages.js'
import { modulePath } from '../module-path.js'
import { type ProcessUsage, usageOf } from './process-usage.js'

/** One scenario on one broker. */
export interface Measured {
  readonly scenario: string
  readonly broker: string
  readonly perSecond: number
  /** Of the broker process, microseconds for each message or connection. */
  readonly cpu: number
  /** Bytes by which the broker grew, for each of them. */
  readonly memory: number
  /** Bytes by which its directory grew, all in all; 0 when it has none. */
  readonly disk: number
  readonly found: Found
}

/** Runs a scenario in a process of its own against a broker. @throws Error when the load fails */
export async function measure(broker: BrokerProcess, scenario: string, seconds: number): Promise<Measured> {
  const load = fork(modulePath('../load/process', import.meta.url))
  const usage: Partial<Record<'begin' | 'end', ProcessUsage & { disk: number }>> = {}
  const found = await new Promise<Found>((resolve, reject) => {
    load.on('message', (report: Report) => {
      if (report.at === 'result') resolve(report.found)
      else if (report.at === 'failed') reject(new Error(`${scenario} on ${broker.name}: ${report.error}`))
      else {
        usage[report.at] = { ...usageOf(broker.pid), disk: sizeOf(broker.directory) }
        load.send('go on')
      }
    })
    load.once('exit', code => reject(new Error(`${scenario} on ${broker.name}: the load ended with ${code}`)))
    const order: Order = { scenario, where: broker.where, seconds }
    load.send(order)
  })
  load.kill()
  const [before, after] = [usage.begin!, usage.end!]
  return {
    ...{ scenario, broker: broker.name, found, perSecond: found.count / found.seconds },
    cpu: (after.cpu - before.cpu) / found.count,
    memory: (after.memory - before.memory) / found.count,
    disk: after.disk - before.disk
  }
}

/** Bytes of the files in a directory that holds no others. */
function sizeOf(directory: string | undefined): number {
  if (directory === undefined) return 0
  let bytes = 0
  for (const name of readdirSync(directory))
    bytes += statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0
  return bytes
}

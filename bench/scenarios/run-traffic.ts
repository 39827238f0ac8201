import { setTimeout as sleep } from 'node:timers/promises'
import { Group, type GroupPlan } from '../load/group.js'
import type { Found, Order } from '../load/messages.js'
import { percentiles } from '../measure/percentiles.js'
import type { Meter, Scenario } from './scenario.js'

/** Messages flow until everything is warm, are counted for a while, and then all of them have to arrive. */
export function traffic(name: string, title: string, plans: () => readonly GroupPlan[]): Scenario {
  return { name, title, unit: 'message', run: (order, meter) => run(plans(), order, meter) }
}

async function run(plans: readonly GroupPlan[], { where, seconds }: Order, meter: Meter): Promise<Found> {
  const groups = plans.map((plan, i) => new Group(where, `${process.pid}-${i}`, plan))
  for (const group of groups) await group.open()
  for (const group of groups) group.start()
  const delivered = () => groups.reduce((sum, group) => sum + group.delivered, 0)
  await sleep(700)
  await meter.begin()
  for (const group of groups) group.latencies.length = 0
  const before = { count: delivered(), at: performance.now() }
  await sleep(seconds * 1000)
  const count = delivered() - before.count
  const took = (performance.now() - before.at) / 1000
  await meter.end()
  await Promise.all(groups.map(group => group.drain()))
  const expected = groups.reduce((sum, group, i) => sum + group.sent * plans[i]!.copies, 0)
  const latency = percentiles(groups.flatMap(group => group.latencies))
  const share = delivered() / expected
  for (const group of groups) group.close()
  return { count, seconds: took, latency, delivered: share }
}

import { cpus, totalmem } from 'node:os'
import type { BrokerProcess } from '../brokers/broker-process.js'
import type { Comparison } from './compare.js'

/** What was measured, for programs: everything that the table shows, and what it was measured with. */
export function resultsOf(
  comparisons: readonly Comparison[],
  brokers: readonly BrokerProcess[],
  seconds: number
) {
  const [own, ...others] = brokers.map(({ name }) => name)
  return {
    date: new Date().toISOString(),
    machine: { cpu: cpus()[0]?.model ?? '', cores: cpus().length, memory: totalmem() },
    node: process.version,
    seconds,
    brokers: brokers.map(({ name, version, settings }) => ({ name, version, settings })),
    scenarios: comparisons.map(({ scenario, results }) => ({
      name: scenario.name,
      title: scenario.title,
      results: Object.fromEntries(results),
      ratios: Object.fromEntries(others.map(name => [name, ratio(results, own!, name)]))
    }))
  }
}

/** How many times the CPU of the first one another one needs; null when one of them did not get through. */
function ratio(results: Comparison['results'], own: string, other: string): number | null {
  const [first, second] = [results.get(own), results.get(other)]
  return first && second ? second.cpu / first.cpu : null
}

import type { BrokerProcess } from '../brokers/broker-process.js'
import type { Scenario } from '../scenarios/scenario.js'
import { type Measured, measure } from './measure.js'

export interface Comparison {
  readonly scenario: Scenario
  /** By the name of the broker: the median of its rounds, by CPU. null: it did not get through. */
  readonly results: ReadonlyMap<string, Measured | null>
}

export interface CompareOptions {
  /** How often each scenario is measured on each broker. */
  readonly rounds: number
  readonly seconds: number
  /** Told before each measurement. */
  onStep?(step: { scenario: Scenario; broker: string; done: number; all: number }): void
  onFailure?(err: Error): void
}

/** Measures brokers in turn, round by round: what else the machine does meets all of them alike. */
export async function compare(
  brokers: readonly BrokerProcess[],
  scenarios: readonly Scenario[],
  { rounds, seconds, onStep, onFailure }: CompareOptions
): Promise<Comparison[]> {
  const comparisons: Comparison[] = []
  const all = scenarios.length * rounds * brokers.length
  let done = 0
  for (const scenario of scenarios) {
    const found = new Map<string, Measured[]>(brokers.map(({ name }) => [name, []]))
    for (let round = 0; round < rounds; round++) {
      for (const broker of brokers) {
        onStep?.({ scenario, broker: broker.name, done: done++, all })
        try {
          found.get(broker.name)!.push(await measureOn(broker, scenario, seconds))
        } catch (err) {
          onFailure?.(err as Error)
        }
      }
    }
    const results = new Map([...found].map(([name, list]) => [name, median(list)] as const))
    comparisons.push({ scenario, results })
  }
  return comparisons
}

async function measureOn(broker: BrokerProcess, scenario: Scenario, seconds: number): Promise<Measured> {
  if (!scenario.fresh || !broker.another) return measure(broker, scenario.name, seconds)
  const fresh = await broker.another()
  try {
    return await measure(fresh, scenario.name, seconds)
  } finally {
    await fresh.stop()
  }
}

function median(list: readonly Measured[]): Measured | null {
  const sorted = [...list].sort((a, b) => a.cpu - b.cpu)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}

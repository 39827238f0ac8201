import { connectionScenarios } from './connections.js'
import { keptScenarios } from './kept.js'
import { latencyScenario } from './latency.js'
import type { Scenario } from './scenario.js'
import { storedScenarios } from './stored.js'
import { trafficScenarios } from './traffic.js'

export const scenarios: readonly Scenario[] = [
  ...trafficScenarios,
  ...connectionScenarios,
  ...storedScenarios,
  latencyScenario
]

/** Those of `--data`. */
export const dataScenarios = keptScenarios

/** @throws TypeError when there is none of this name */
export function scenarioNamed(name: string): Scenario {
  const found = [...scenarios, ...dataScenarios].find(one => one.name === name)
  if (!found)
    throw new TypeError(`'${name}' is no scenario: there are ${scenarios.map(one => one.name).join(', ')}`)
  return found
}

/** Under a minute with all of them: what most changes show in. */
export const quickScenarios = ['one-to-one', 'one-to-one-qos1', 'fan-out-1000', 'connect', 'idle']

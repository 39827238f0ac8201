import type { GroupPlan } from '../load/group.js'
import { traffic } from './run-traffic.js'
import type { Scenario } from './scenario.js'

const base = { copies: 1, qos: 0, level: 4, size: 64, window: 4000, batch: 500 } as const

function pair(i: number, change: Partial<GroupPlan> = {}): GroupPlan {
  const topic = `bench/topic/${i}`
  return { ...base, publishers: [[topic]], subscribers: [[topic]], ...change }
}

function tenPairs(change: Partial<GroupPlan> = {}): GroupPlan[] {
  return Array.from({ length: 10 }, (_, i) => pair(i, { window: 2000, batch: 250, ...change }))
}

function fanOut(subscribers: number): GroupPlan {
  const topic = `bench/fan-out/${subscribers}`
  const window = Math.max(20, Math.min(2000, Math.floor(200_000 / subscribers)))
  return {
    ...{
      ...base,
      publishers: [[topic]],
      copies: subscribers,
      window,
      batch: Math.max(1, Math.floor(window / 4))
    },
    subscribers: Array.from({ length: subscribers }, () => [topic])
  }
}

function fanIn(publishers: number): GroupPlan {
  return {
    ...{ ...base, subscribers: [['bench/fan-in/+']], window: 32_000, batch: 16 },
    publishers: Array.from({ length: publishers }, (_, i) => [`bench/fan-in/${i}`])
  }
}

/**
 * 100 000 filters of which every message matches exactly one: 70 % without wildcards, 20 % with `+`, 10 % with `#`.
 * Messages go to random ones of them.
 */
function wildcards(): GroupPlan {
  const filters: string[] = []
  const topics: string[] = []
  for (let i = 0; i < 100_000; i++) {
    const [building, room] = [Math.floor(i / 500), i % 500]
    if (i % 10 < 7) {
      filters.push(`site/${building}/room/${room}/temperature`)
      topics.push(`site/${building}/room/${room}/temperature`)
    } else if (i % 10 < 9) {
      filters.push(`line/${building}/+/${room}`)
      topics.push(`line/${building}/sensor${i % 7}/${room}`)
    } else {
      filters.push(`fleet/${building}/${room}/#`)
      topics.push(`fleet/${building}/${room}/position/${i % 3}`)
    }
  }
  const shuffled = topics.map((topic, i) => ({ topic, at: (i * 2_654_435_761) % 4_294_967_296 }))
  const random = shuffled.sort((a, b) => a.at - b.at).map(({ topic }) => topic)
  return {
    ...{ ...base, window: 8000, batch: 500 },
    publishers: Array.from({ length: 10 }, (_, i) => random.slice(i * 10_000, (i + 1) * 10_000)),
    subscribers: Array.from({ length: 100 }, (_, i) => filters.slice(i * 1000, (i + 1) * 1000))
  }
}

/** Messages to random ones of many clients, so few at a time that no two of them go with one write. */
function manyClients(count: number): GroupPlan {
  const topics = Array.from({ length: count }, (_, i) => `bench/client/${i}`)
  return {
    ...{ ...base, window: 10, batch: 1 },
    publishers: Array.from({ length: 10 }, (_, i) => topics.filter((_, at) => at % 10 === i)),
    subscribers: topics.map(topic => [topic])
  }
}

/** Scenarios in which messages flow for a while. */
export const trafficScenarios: readonly Scenario[] = [
  traffic('one-to-one', 'one-to-one, QoS 0', () => [pair(0)]),
  traffic('one-to-one-5', 'one-to-one, QoS 0, MQTT 5', () => [pair(0, { level: 5 })]),
  traffic('one-to-one-qos1', 'one-to-one, QoS 1', () => [pair(0, { qos: 1 })]),
  traffic('ten-pairs', 'ten pairs, QoS 0', () => tenPairs()),
  traffic('ten-pairs-16', 'ten pairs, QoS 0, 16 B', () => tenPairs({ size: 16 })),
  traffic('ten-pairs-1k', 'ten pairs, QoS 0, 1 KiB', () => tenPairs({ size: 1024 })),
  traffic('ten-pairs-64k', 'ten pairs, QoS 0, 64 KiB', () =>
    tenPairs({ size: 65_536, window: 40, batch: 4 })
  ),
  traffic('one-in-flight', 'ten pairs, one in flight', () => tenPairs({ window: 1, batch: 1 })),
  traffic('ten-pairs-qos1', 'ten pairs, QoS 1', () => tenPairs({ qos: 1, window: 1000 })),
  traffic('ten-pairs-qos2', 'ten pairs, QoS 2', () => tenPairs({ qos: 2, window: 1000 })),
  traffic('fan-out-10', 'fan-out 1 to 10', () => [fanOut(10)]),
  traffic('fan-out-1000', 'fan-out 1 to 1 000', () => [fanOut(1000)]),
  traffic('fan-in-1000', 'fan-in 1 000 to 1', () => [fanIn(1000)]),
  traffic('wildcards', '100 000 subscriptions', () => [wildcards()]),
  traffic('clients-10', 'random ones of 10 clients', () => [manyClients(10)]),
  traffic('clients-10000', 'random ones of 10 000 clients', () => [manyClients(10_000)])
]

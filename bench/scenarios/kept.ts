import { setTimeout as sleep } from 'node:timers/promises'
import { Batches } from '../load/batches.js'
import type { GroupPlan } from '../load/group.js'
import { LoadClient, type Where } from '../load/load-client.js'
import type { Found, Order } from '../load/messages.js'
import { disconnect, publish, subscribe } from '../load/packets.js'
import { queue, reached } from './queues.js'
import { traffic } from './run-traffic.js'
import type { Meter, Scenario } from './scenario.js'

const messages = { copies: 1, level: 4, size: 64, kept: true } as const

function pairs(count: number, qos: 1 | 2, window: number): GroupPlan[] {
  return Array.from({ length: count }, (_, i) => {
    const topic = `bench/kept/${qos}/${i}`
    return { ...messages, qos, window, batch: 250, publishers: [[topic]], subscribers: [[topic]] }
  })
}

/** One message of 1 KiB for each of 1 000 sessions that are not connected. */
async function manyAbsent({ where }: Order, meter: Meter): Promise<Found> {
  const [count, topic] = [1000, `bench/absent-${process.pid}`]
  for (let i = 0; i < count; i++) await absent(where, `ba-${process.pid}-${i}`, topic)
  const publisher = await LoadClient.open(where, `bp-${process.pid}`, 4)
  await meter.begin()
  const since = performance.now()
  publisher.socket.write(publish({ topic, qos: 1, size: 1024, level: 4 }, 1))
  await reached(1, () => publisher.acknowledged)
  const seconds = (performance.now() - since) / 1000
  await meter.end()
  publisher.close()
  return { count, seconds, latency: null, delivered: 1 }
}

async function absent(where: Where, clientId: string, topic: string): Promise<void> {
  const reader = await LoadClient.open(where, clientId, 4, true)
  await reader.request(subscribe([topic], 1, 4))
  reader.socket.write(disconnect)
  reader.socket.end()
}

/**
 * Two million messages through the queue of a session that comes and goes, with 20 000 that wait at most: what is left
 * on disk is measured.
 */
async function throughQueue({ where }: Order, meter: Meter): Promise<Found> {
  const [rounds, each] = [100, 20_000]
  const [clientId, topic] = [`bt-${process.pid}`, `bench/through-${process.pid}`]
  await absent(where, clientId, topic)
  const publisher = await LoadClient.open(where, `bp-${process.pid}`, 4)
  const batches = new Batches([topic], { qos: 1, size: 64, level: 4 }, 500)
  await meter.begin()
  const since = performance.now()
  let [sent, delivered] = [0, 0]
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < each; i += 500) {
      publisher.socket.write(batches.next())
      sent += 500
      await reached(sent - 5000, () => publisher.acknowledged)
    }
    await reached(sent, () => publisher.acknowledged)
    const reader = await LoadClient.open(where, clientId, 4, true)
    await reached(each, () => reader.delivered)
    delivered += reader.delivered
    // Its last acknowledgements are on their way.
    await sleep(20)
    reader.close()
    await sleep(20)
  }
  const seconds = (performance.now() - since) / 1000
  await meter.end()
  publisher.close()
  return { count: sent, seconds, latency: null, delivered: delivered / sent }
}

/** What is stored on disk, by brokers that do. */
export const keptScenarios: readonly Scenario[] = [
  traffic('kept-qos1', 'one-to-one, QoS 1, to a kept session', () => pairs(1, 1, 4000)),
  traffic('kept-qos2', 'one-to-one, QoS 2, to a kept session', () => pairs(1, 2, 4000)),
  traffic('kept-pairs', 'ten pairs, QoS 1, to kept sessions', () => pairs(10, 1, 1000)),
  { name: 'kept-in', title: 'offline queue in', unit: 'message', run: queue('in') },
  { name: 'kept-out', title: 'offline queue out', unit: 'message', run: queue('out') },
  {
    ...{ name: 'kept-absent', title: 'one message of 1 KiB to 1 000 sessions', unit: 'session' },
    ...{ shows: ['cpu', 'disk'] as const, fresh: true, run: manyAbsent }
  },
  {
    ...{ name: 'kept-through', title: 'two million messages through a queue', unit: 'message' },
    ...{ shows: ['cpu', 'disk'] as const, fresh: true, run: throughQueue }
  }
]

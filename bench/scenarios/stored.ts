import { setTimeout as sleep } from 'node:timers/promises'
import { LoadClient } from '../load/load-client.js'
import type { Found, Order } from '../load/messages.js'
import { publish, subscribe } from '../load/packets.js'
import { queue, reached } from './queues.js'
import type { Meter, Scenario } from './scenario.js'

const count = 100_000

/** 100 000 retained messages go to a subscriber of all. */
async function retained({ where }: Order, meter: Meter): Promise<Found> {
  const publisher = await LoadClient.open(where, `br-${process.pid}`, 4)
  const root = `bench/retained-${process.pid}`
  for (let i = 0; i < count; i++) {
    const shape = {
      topic: `${root}/${Math.floor(i / 100)}/${i % 100}`,
      qos: 1,
      size: 64,
      level: 4,
      retain: true
    } as const
    publisher.socket.write(publish(shape, (i % 65_535) + 1))
    if (i % 1000 === 999) await reached(i - 5000, () => publisher.acknowledged)
  }
  await reached(count, () => publisher.acknowledged)
  const reader = await LoadClient.open(where, `bq-${process.pid}`, 4)
  await meter.begin()
  const since = performance.now()
  await reader.request(subscribe([`${root}/#`], 0, 4))
  await reached(count, () => reader.delivered)
  const seconds = (performance.now() - since) / 1000
  await meter.end()
  const { delivered } = reader
  reader.close()
  await clear(publisher, root)
  publisher.close()
  return { count: delivered, seconds, latency: null, delivered: delivered / count }
}

async function clear(publisher: LoadClient, root: string): Promise<void> {
  for (let i = 0; i < count; i++) {
    const topic = `${root}/${Math.floor(i / 100)}/${i % 100}`
    publisher.socket.write(publish({ topic, qos: 0, size: 0, level: 4, retain: true }))
    if (i % 1000 === 999) await sleep(1)
  }
  await sleep(500)
}

export const storedScenarios: readonly Scenario[] = [
  { name: 'retained', title: '100 000 retained, then #', unit: 'message', run: retained },
  { name: 'queue-in', title: 'offline queue in', unit: 'message', run: queue('in') },
  { name: 'queue-out', title: 'offline queue out', unit: 'message', run: queue('out') }
]

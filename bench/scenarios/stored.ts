import { setTimeout as sleep } from 'node:timers/promises'
import { Batches } from '../load/batches.js'
import { LoadClient, type Where } from '../load/load-client.js'
import type { Found, Order } from '../load/messages.js'
import { disconnect, publish, subscribe } from '../load/packets.js'
import type { Meter, Scenario } from './scenario.js'

const count = 100_000

/** Waits until a number has been reached, or does not grow any more for five seconds. */
async function reached(wanted: number, now: () => number): Promise<void> {
  let [last, still] = [-1, 0]
  while (now() < wanted && still < 1000) {
    still = now() === last ? still + 1 : 0
    last = now()
    await sleep(5)
  }
}

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

/** A session that is not connected, subscribed to a topic. */
async function absent(where: Where, clientId: string, topic: string): Promise<void> {
  const reader = await LoadClient.open(where, clientId, 4, true)
  await reader.request(subscribe([topic], 1, 4))
  reader.socket.write(disconnect)
  reader.socket.end()
  await sleep(200)
}

/** Messages of QoS 1 into the queue of a session that is not connected, then out of it. */
function queue(measured: 'in' | 'out') {
  return async ({ where }: Order, meter: Meter): Promise<Found> => {
    const [clientId, topic] = [`bo-${process.pid}`, `bench/queue-${process.pid}`]
    await absent(where, clientId, topic)
    const publisher = await LoadClient.open(where, `bp-${process.pid}`, 4)
    const batches = new Batches([topic], { qos: 1, size: 64, level: 4 }, 500)
    if (measured === 'in') await meter.begin()
    let since = performance.now()
    for (let sent = 0; sent < count; sent += 500) {
      publisher.socket.write(batches.next())
      await reached(sent - 10_000, () => publisher.acknowledged)
    }
    await reached(count, () => publisher.acknowledged)
    let seconds = (performance.now() - since) / 1000
    if (measured === 'in') await meter.end()
    else await meter.begin()
    since = performance.now()
    const reader = await LoadClient.open(where, clientId, 4, true)
    await reached(count, () => reader.delivered)
    if (measured === 'out') {
      seconds = (performance.now() - since) / 1000
      await meter.end()
    }
    reader.close()
    // Nothing of it is left for the next scenario.
    for (const client of [publisher, await LoadClient.open(where, clientId, 4)]) client.close()
    return { count, seconds, latency: null, delivered: reader.delivered / count }
  }
}

export const storedScenarios: readonly Scenario[] = [
  { name: 'retained', title: '100 000 retained, then #', unit: 'message', run: retained },
  { name: 'queue-in', title: 'offline queue in', unit: 'message', run: queue('in') },
  { name: 'queue-out', title: 'offline queue out', unit: 'message', run: queue('out') }
]

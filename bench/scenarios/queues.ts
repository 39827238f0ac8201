import { setTimeout as sleep } from 'node:timers/promises'
import { Batches } from '../load/batches.js'
import { LoadClient, type Where } from '../load/load-client.js'
import type { Found, Order } from '../load/messages.js'
import { disconnect, subscribe } from '../load/packets.js'
import type { Meter } from './scenario.js'

const count = 100_000

/** Waits until a number has been reached, or does not grow any more for five seconds. */
export async function reached(wanted: number, now: () => number): Promise<void> {
  let [last, still] = [-1, 0]
  while (now() < wanted && still < 1000) {
    still = now() === last ? still + 1 : 0
    last = now()
    await sleep(5)
  }
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
export function queue(measured: 'in' | 'out') {
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

import { LoadClient } from '../load/load-client.js'
import type { Found, Order } from '../load/messages.js'
import { publish, subscribe, timed } from '../load/packets.js'
import { percentiles } from '../measure/percentiles.js'
import type { Meter, Scenario } from './scenario.js'

const perSecond = 5000

/**
 * Open loop: a message each 0.2 ms whatever comes back, each with its send time in it. The send time is when it was due,
 * so that a broker that makes the sender wait does not look fast.
 */
async function openLoop({ where, seconds }: Order, meter: Meter): Promise<Found> {
  const topic = `bench/latency-${process.pid}`
  const reader = await LoadClient.open(where, `bl-${process.pid}`, 4)
  await reader.request(subscribe([topic], 0, 4))
  const publisher = await LoadClient.open(where, `bw-${process.pid}`, 4)
  const took: number[] = []
  reader.onLatency = milliseconds => took.push(milliseconds)
  const frame = publish({ topic, qos: 0, size: 64, level: 4 })
  const payloadAt = frame.length - 64
  const send = (due: number) => {
    const bytes = Buffer.from(frame)
    bytes[payloadAt] = timed
    bytes.writeDoubleLE(due, payloadAt + 1)
    publisher.socket.write(bytes)
  }
  await paced(perSecond, send)
  await meter.begin()
  took.length = 0
  const [delivered, since] = [reader.delivered, performance.now()]
  const sent = await paced(perSecond * Math.max(3, seconds), send)
  const elapsed = (performance.now() - since) / 1000
  for (let i = 0; i < 200 && reader.delivered - delivered < sent; i++) await new Promise(setImmediate)
  await meter.end()
  const count = reader.delivered - delivered
  for (const client of [reader, publisher]) client.close()
  return { count, seconds: elapsed, latency: percentiles(took), delivered: Math.min(1, count / sent) }
}

/** Timers are too coarse: it looks at the clock at every turn. */
async function paced(count: number, send: (due: number) => void): Promise<number> {
  const begun = performance.now()
  for (let sent = 0; sent < count; ) {
    const due = begun + (sent * 1000) / perSecond
    if (performance.now() >= due) {
      send(due)
      sent++
    } else await new Promise(setImmediate)
  }
  return count
}

export const latencyScenario: Scenario = {
  name: 'latency',
  title: `latency at ${perSecond} messages a second`,
  unit: 'message',
  run: openLoop
}

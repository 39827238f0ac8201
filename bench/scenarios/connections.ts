import { setTimeout as sleep } from 'node:timers/promises'
import { LoadClient } from '../load/load-client.js'
import type { Found, Order } from '../load/messages.js'
import { disconnect, subscribe } from '../load/packets.js'
import type { Meter, Scenario } from './scenario.js'

/** So many are under way at a time. */
const atOnce = 50

/** So many come before it is measured: what a broker is that has run for a while. */
const warming = 4000

/** Does something `count` times, some at a time. */
async function many(count: number, act: (i: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await act(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

function counted(count: number, since: number): Found {
  return { count, seconds: (performance.now() - since) / 1000, latency: null, delivered: 1 }
}

/** The CPU of a CONNECT and its CONNACK, the socket included. */
async function connectRate({ where, seconds }: Order, meter: Meter): Promise<Found> {
  const count = Math.round(1500 * seconds)
  const clients: LoadClient[] = []
  const open = async (i: number) => {
    clients.push(await LoadClient.open(where, `bc-${process.pid}-${i}`, 4))
  }
  await many(warming, open)
  await meter.begin()
  const since = performance.now()
  await many(count, i => open(warming + i))
  await meter.end()
  const found = counted(count, since)
  for (const client of clients) client.close()
  return found
}

/** Connect, subscribe, disconnect. */
async function churn({ where, seconds }: Order, meter: Meter): Promise<Found> {
  const count = Math.round(1500 * seconds)
  const visit = async (i: number) => {
    const client = await LoadClient.open(where, `bv-${process.pid}-${i}`, 4)
    await client.request(subscribe([`bench/visit/${i}`], 0, 4))
    client.socket.write(disconnect)
    client.socket.end()
  }
  await many(warming, visit)
  await meter.begin()
  const since = performance.now()
  await many(count, i => visit(warming + i))
  await meter.end()
  return counted(count, since)
}

/** What 10 000 connections without traffic keep of the memory of the broker. */
async function idle({ where }: Order, meter: Meter): Promise<Found> {
  const count = 10_000
  const clients: LoadClient[] = []
  const open = async (i: number) => {
    clients.push(await LoadClient.open(where, `bi-${process.pid}-${i}`, 4))
  }
  // What the first connections bring into memory is not theirs.
  await many(1000, open)
  await sleep(1500)
  await meter.begin()
  const since = performance.now()
  await many(count, i => open(1000 + i))
  await sleep(4000)
  await meter.end()
  const found = counted(count, since)
  for (const client of clients) client.close()
  return found
}

/** The CPU and memory of one filter in a SUBSCRIBE of 100, up to 100 000. */
async function subscribing({ where }: Order, meter: Meter): Promise<Found> {
  const [clients, packets, each] = [100, 10, 100]
  const opened: LoadClient[] = []
  for (let i = 0; i < clients; i++) opened.push(await LoadClient.open(where, `bf-${process.pid}-${i}`, 4))
  await meter.begin()
  const since = performance.now()
  for (const [i, client] of opened.entries()) {
    for (let packet = 0; packet < packets; packet++) {
      const filters = Array.from({ length: each }, (_, at) =>
        filterOf(i * packets * each + packet * each + at)
      )
      await client.request(subscribe(filters, 0, 4))
    }
  }
  await meter.end()
  const found = counted(clients * packets * each, since)
  for (const client of opened) client.close()
  return found
}

function filterOf(i: number): string {
  const [building, room] = [Math.floor(i / 500), i % 500]
  if (i % 10 < 7) return `site/${building}/room/${room}/temperature`
  return i % 10 < 9 ? `line/${building}/+/${room}` : `fleet/${building}/${room}/#`
}

export const connectionScenarios: readonly Scenario[] = [
  { name: 'connect', title: 'connect', unit: 'connection', run: connectRate },
  { name: 'churn', title: 'connect, subscribe, disconnect', unit: 'connection', run: churn },
  {
    name: 'idle',
    title: 'idle connections (10 000)',
    unit: 'connection',
    shows: ['memory'],
    fresh: true,
    run: idle
  },
  {
    name: 'subscribe',
    title: 'subscribe to 100 000 filters',
    unit: 'filter',
    shows: ['cpu', 'memory'],
    fresh: true,
    run: subscribing
  }
]

import { setTimeout as wait } from 'node:timers/promises'
import type { Cast } from './cast.js'
import type { Fault } from './report.js'
import type { World } from './session-client.js'

/** How long anything may take when all is calm, in ms. */
const patience = 20_000

/** The run cannot go on. */
export class StuckError extends Error {
  readonly fault: Fault

  constructor(fault: Fault, text: string) {
    super(text)
    this.fault = fault
  }
}

/**
 * Everybody connects, behaves well and publishes nothing new, until all that is under way has arrived. What has not
 * arrived then is lost.
 */
export async function calm(
  { publishers, subscribers, keeper, marker, wills }: Cast,
  { ledger }: World,
  port: number,
  prepare: () => void = () => {}
): Promise<void> {
  const senders = [...publishers, keeper, marker]
  const gather = () => {
    for (const one of subscribers) one.calm(port)
    for (const { client } of senders) if (client.idle) client.open(port)
    wills.calm(port)
  }
  wills.endAll()
  await until('broker', () => {
    gather()
    const away = subscribers.filter(one => !one.settled).map(({ client }) => client.id)
    const busy = senders.filter(({ client }) => !client.connected || client.sending.size > 0)
    const unfinished = busy.map(({ client }) => `${client.id} with ${client.sending.size}`)
    const missing = [...away, ...unfinished, ...(wills.settled ? [] : ['the witness'])]
    return missing.length > 0 ? `not connected or without their acknowledgements: ${missing}` : null
  })
  prepare()
  // A session has one line for each QoS: these come behind everything.
  const markers = [marker.publishOn('end/0', 1), marker.publishOn('end/0', 2)]
  await until('lost', () => {
    gather()
    const missing = subscribers.filter(one => markers.some(({ key }) => !one.hasMarker(key)))
    if (missing.length > 0) return `the marker never came to ${missing.map(({ client }) => client.id)}`
    const busy = senders.filter(({ client }) => client.sending.size > 0)
    return busy.length > 0 ? `without acknowledgements: ${busy.map(({ client }) => client.id)}` : null
  })
  ledger.judge()
  wills.bury()
  const time = performance.now()
  while (!wills.complete && performance.now() - time < 4000) await wait(10)
  wills.judge()
}

/** Unsubscribes from everything, to hear what there was, and says goodbye. */
export async function finish({ publishers, subscribers, keeper, marker, wills }: Cast): Promise<void> {
  await until('subscriptions', () => {
    const busy = subscribers.filter(one => one.probe())
    return busy.length > 0 ? `no UNSUBACK for ${busy.map(({ client }) => client.id)}` : null
  })
  const clients = [...publishers, ...subscribers, keeper, marker].map(({ client }) => client.close(true))
  await Promise.all([...clients, wills.leave()])
}

async function until(fault: Fault, missing: () => string | null): Promise<void> {
  const deadline = performance.now() + patience
  for (let what = missing(); what !== null; what = missing()) {
    if (performance.now() > deadline) throw new StuckError(fault, what)
    await wait(3)
  }
}

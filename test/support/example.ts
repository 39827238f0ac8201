import { type EventEmitter, once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import type { Test } from 'tap'
import type { Broker } from '../../lib/index.js'

/** What an example exports; those without a broker or a server are not asked for it. */
export interface Example {
  broker: Broker
  server: Server
}

/**
 * Runs an example in this process, as `node examples/name.mjs` would, on free ports. It imports the built package.
 * `lines` is what it printed so far. Closed when the test is over.
 */
export async function runExample<E extends object = Example>(
  t: Test,
  name: string,
  env: Record<string, string> = {}
): Promise<E & { lines: string[] }> {
  Object.assign(process.env, { PORT: '0', METRICS_PORT: '0' }, env)
  const lines: string[] = []
  t.intercept(console, 'log', { value: (...args: unknown[]) => lines.push(args.join(' ')) })
  const file = new URL(`../../examples/${name}.mjs`, import.meta.url).href
  const example = (await import(file)) as E & Partial<Example>
  t.teardown(async () => {
    await example.broker?.close()
    example.server?.close()
    ;(example.server as { closeAllConnections?(): void } | undefined)?.closeAllConnections?.()
  })
  if (example.server && !example.server.listening) await once(example.server, 'listening')
  return Object.assign({ lines }, example)
}

export function portOf({ broker, server }: Partial<Example>): number {
  return broker?.listeners[0]?.port || (server!.address() as AddressInfo).port
}

/** A real client, MQTT.js, that is connected; over when the test is. */
export async function connect(
  t: Test,
  example: Partial<Example>,
  options: IClientOptions = {}
): Promise<MqttClient> {
  const client = await mqtt.connectAsync(
    `mqtt://127.0.0.1:${portOf(example)}`,
    { protocolVersion: 5, reconnectPeriod: 0, ...options },
    false
  )
  t.teardown(() => client.endAsync(true))
  return client
}

/** What a client says next. MQTT.js has types of its own for its emitter. */
export function nextEvent(client: MqttClient, event: string): Promise<unknown[]> {
  return once(client as unknown as EventEmitter, event)
}

/** The next message a client gets, as `topic payload`. */
export async function nextMessage(client: MqttClient): Promise<string> {
  const [topic, payload] = (await nextEvent(client, 'message')) as [string, Buffer]
  return `${topic} ${payload}`
}

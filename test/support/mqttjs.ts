import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt'
import type { Test } from 'tap'

export type Version = 3 | 4 | 5
export const versions = [3, 4, 5] as const

/** MQTT.js, an independent client, with the messages it got. */
export interface RealClient extends MqttClient {
  /** The next message, in order. */
  message(): Promise<IPublishPacket>
}

/** Connects, and hangs up at the end of the test. */
export async function mqttjs(
  t: Test,
  url: string,
  protocolVersion: Version,
  options: IClientOptions = {}
): Promise<RealClient> {
  const client = mqtt.connect(url, {
    protocolVersion,
    ...(protocolVersion === 3 && { protocolId: 'MQIsdp' }),
    ...{ reconnectPeriod: 0, clientId: `js${Math.random()}`.slice(0, 20), ...options }
  })
  t.teardown(() => client.endAsync(true))
  const inbox: IPublishPacket[] = []
  let wake = () => {}
  client.on('message', (topic, _payload, packet) => {
    // Of a packet with an alias MQTT.js keeps the empty topic.
    inbox.push({ ...packet, topic })
    wake()
  })
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve())
    client.once('error', reject)
  })
  client.on('error', () => {})
  const message = async () => {
    while (inbox.length === 0) {
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
    return inbox.shift()!
  }
  return Object.assign(client, { message })
}

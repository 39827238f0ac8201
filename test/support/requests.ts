import type mqtt from 'mqtt-packet'
import type { ConnectPacket, SubscribePacket, SubscriptionRequest, Version } from '../../lib/index.js'
import { MqttError } from '../../lib/index.js'

/** A CONNECT as a middleware sees it. */
export function connect(options: Partial<ConnectPacket> = {}): ConnectPacket {
  const protocolVersion: Version = options.protocolVersion ?? 5
  return {
    cmd: 'connect',
    protocolId: protocolVersion === 3 ? 'MQIsdp' : 'MQTT',
    clean: true,
    keepalive: 0,
    clientId: 'c1',
    ...options,
    protocolVersion
  }
}

/** A CONNECT for a Peer to send by itself: peer.connect() takes the next packet, too. */
export function hello(version: Version, options: Partial<mqtt.IConnectPacket> = {}): mqtt.IConnectPacket {
  const protocolId = version === 3 ? 'MQIsdp' : 'MQTT'
  const packet = {
    cmd: 'connect',
    protocolId,
    protocolVersion: version,
    clean: true,
    keepalive: 0,
    clientId: 'x'
  }
  return { ...packet, ...options } as mqtt.IConnectPacket
}

/** One filter of a SUBSCRIBE. */
export function filter(topic: string, options: Partial<SubscriptionRequest> = {}): SubscriptionRequest {
  return { topic, qos: 0, nl: false, rap: false, rh: 0, ...options }
}

export function subscribe(
  filters: ReadonlyArray<string | SubscriptionRequest>,
  properties?: SubscribePacket['properties']
): SubscribePacket {
  return {
    cmd: 'subscribe',
    messageId: 7,
    subscriptions: filters.map(one => (typeof one === 'string' ? filter(one) : one)),
    ...(properties && { properties })
  }
}

/** What an act refused with; fails when it did not. */
export async function refusal(act: () => unknown): Promise<MqttError> {
  try {
    await act()
  } catch (err) {
    if (err instanceof MqttError) return err
    throw err
  }
  throw new Error('it was not refused')
}

/** A promise that is settled from outside. */
export class Gate<T = void> {
  open!: (value: T) => void
  fail!: (err: unknown) => void
  readonly passed = new Promise<T>((resolve, reject) => {
    this.open = resolve
    this.fail = reject
  })
}

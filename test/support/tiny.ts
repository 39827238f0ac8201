import type { Client, ConnectPacket, Hooks, Packet } from '../../lib/index.js'

/** Lets everybody in: the least that makes a stack a broker one can connect to. */
export function letIn(): Hooks {
  return {
    name: 'LetIn',
    connect(client: Client, packet: ConnectPacket) {
      client.id = packet.clientId
      client.state = 'connected'
      client.write({ cmd: 'connack', sessionPresent: false, reasonCode: 0, properties: {} })
    },
    pingreq(client: Client) {
      client.write({ cmd: 'pingresp' })
    }
  }
}

/** One of each packet that a client may send. */
export const fromClients: Packet[] = [
  { cmd: 'connect', protocolId: 'MQTT', protocolVersion: 5, clean: true, keepalive: 0, clientId: 'c' },
  { cmd: 'auth', reasonCode: 0x19 },
  {
    cmd: 'publish',
    topic: 'a',
    payload: Buffer.alloc(0),
    qos: 0,
    retain: false,
    dup: false,
    messageId: 0,
    properties: undefined
  },
  { cmd: 'puback', messageId: 1, reasonCode: 0 },
  { cmd: 'pubrec', messageId: 1, reasonCode: 0 },
  { cmd: 'pubrel', messageId: 1, reasonCode: 0 },
  { cmd: 'pubcomp', messageId: 1, reasonCode: 0 },
  { cmd: 'subscribe', messageId: 1, subscriptions: [] },
  { cmd: 'unsubscribe', messageId: 1, unsubscriptions: [] },
  { cmd: 'pingreq' },
  { cmd: 'disconnect', reasonCode: 0 }
]

/** Something to wait for that a test settles itself. */
export interface Gate<T = void> {
  promise: Promise<T>
  open(value: T): void
  fail(reason: unknown): void
}

export function gate<T = void>(): Gate<T> {
  let open!: (value: T) => void
  let fail!: (reason: unknown) => void
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve
    fail = reject
  })
  return { promise, open, fail }
}

import { type Bytes, field, packet, properties, raw, rawConnect, u16 } from '../../bytes.js'
import type { Scene } from '../../scene.js'

/** What is other than in a CONNECT that every broker takes. */
export interface ConnectChange {
  name?: Bytes
  level?: number
  /** Bits of the Connect Flags that are set as well. */
  flags?: number
  /** Bits of the Connect Flags that are not set. */
  unset?: number
  /** Of MQTT 5, without their length. */
  properties?: Bytes
  clientId?: Bytes
  /** Everything between client id and user name. */
  will?: Bytes
  /** null: the field is not there, whatever the flags say. */
  username?: Bytes | null
  password?: Bytes | null
  /** Comes after all that. */
  more?: Bytes
}

/** The flags of a CONNECT. */
export const bit = {
  reserved: 1,
  clean: 2,
  will: 4,
  willQos: 8,
  willRetain: 32,
  password: 64,
  username: 128
} as const

/** A CONNECT byte by byte, with the credentials of the user where they are not changed. */
export function connectBytes(scene: Scene, change: ConnectChange = {}): Buffer {
  const user = scene.connectPacket()
  const { clientId = user.clientId, will = [], more = [] } = change
  const username = change.username === undefined ? user.username : change.username
  const password = change.password === undefined ? user.password : change.password
  const flagged =
    bit.clean |
    (user.username === undefined ? 0 : bit.username) |
    (user.password === undefined ? 0 : bit.password)
  return rawConnect(scene.level, {
    ...(change.name !== undefined && { name: change.name }),
    ...(change.level !== undefined && { level: change.level }),
    flags: (flagged | (change.flags ?? 0)) & ~(change.unset ?? 0),
    properties: properties(change.properties ?? []),
    payload: raw(field(clientId), will, optional(username), optional(password), more)
  })
}

/** Will Properties, Will Topic and Will Payload, in the form of the version. */
export function willBytes({ is5 }: Scene, topic: Bytes, change: Bytes = []): Buffer {
  return raw(is5 ? properties(change) : [], field(topic), field('will'))
}

/** A CONNECT that ends after so many bytes of what follows its fixed header, with a Remaining Length that says so. */
export function cutShort(connect: Buffer, length: number): Buffer {
  const remaining = connect[1]! < 128 ? 2 : 3
  return packet(0x10, connect.subarray(remaining, remaining + length))
}

/** How many bytes follow the fixed header. */
export function bodyLength(connect: Buffer): number {
  return connect.length - (connect[1]! < 128 ? 2 : 3)
}

/** The two byte property with this identifier. */
export function short(id: number, value: number): Buffer {
  return raw([id], u16(value))
}

function optional(value: Bytes | null | undefined): Buffer {
  return value === null || value === undefined ? raw() : field(value)
}

import { type Packet, packetType, type Version } from '../packets.js'
import { ackSize, writeAck } from './acks.js'
import { connackSize, writeConnack } from './connack.js'
import { connectSize, writeConnect } from './connect-write.js'
import { authSize, disconnectSize, writeAuth, writeDisconnect } from './disconnect.js'
import { publishFlags, publishSize, writePublish } from './publish-write.js'
import { subackSize, writeSuback } from './suback.js'
import { subscribeSize, unsubscribeSize, writeSubscribe, writeUnsubscribe } from './subscribe-write.js'
import { varintSize, writeVarint } from './varint.js'

/**
 * A packet as bytes, in the shortest form `version` has for it. MQTT 3 does not get what it does not know:
 * properties, the reason codes of acknowledgements; a SUBACK code above 0x80 becomes 0x80. A CONNECT is written by its
 * own `protocolVersion`.
 * @throws RangeError for what MQTT cannot carry; that is a bug of ours, not of a peer
 */
export function encode(packet: Packet, version: Version): Buffer {
  const body = bodySize(packet, version)
  const buf = Buffer.allocUnsafe(1 + varintSize(body) + body)
  write(packet, version, body, buf, 0)
  return buf
}

/** Bytes of the whole packet: what a Maximum Packet Size is compared with (MQTT 5.0, 3.1.2.11.4). */
export function encodedSize(packet: Packet, version: Version): number {
  const body = bodySize(packet, version)
  return 1 + varintSize(body) + body
}

/**
 * Writes the packet at `pos`; returns the position after it.
 * @throws RangeError as `encode`, and if it does not fit, before anything is written
 */
export function encodeInto(packet: Packet, version: Version, buf: Buffer, pos: number): number {
  const body = bodySize(packet, version)
  const size = 1 + varintSize(body) + body
  if (pos + size > buf.length) throw new RangeError(`${packet.cmd} needs ${size} bytes`)
  return write(packet, version, body, buf, pos)
}

function bodySize(packet: Packet, version: Version): number {
  switch (packet.cmd) {
    case 'publish':
      return publishSize(packet, version)
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return ackSize(packet, version)
    case 'connect':
      return connectSize(packet)
    case 'connack':
      return connackSize(packet, version)
    case 'subscribe':
      return subscribeSize(packet, version)
    case 'unsubscribe':
      return unsubscribeSize(packet, version)
    case 'suback':
    case 'unsuback':
      return subackSize(packet, version)
    case 'pingreq':
    case 'pingresp':
      return 0
    case 'disconnect':
      return disconnectSize(packet, version)
    case 'auth':
      return authSize(packet, version)
  }
}

function write(packet: Packet, version: Version, body: number, buf: Buffer, pos: number): number {
  buf[pos] = (packetType[packet.cmd] << 4) | flagsOf(packet)
  const at = writeVarint(buf, pos + 1, body)
  switch (packet.cmd) {
    case 'publish':
      return writePublish(packet, version, buf, at)
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return writeAck(packet, body, buf, at)
    case 'connect':
      return writeConnect(packet, buf, at)
    case 'connack':
      return writeConnack(packet, version, buf, at)
    case 'subscribe':
      return writeSubscribe(packet, version, buf, at)
    case 'unsubscribe':
      return writeUnsubscribe(packet, version, buf, at)
    case 'suback':
    case 'unsuback':
      return writeSuback(packet, version, buf, at)
    case 'pingreq':
    case 'pingresp':
      return at
    case 'disconnect':
      return writeDisconnect(packet, body, buf, at)
    case 'auth':
      return writeAuth(packet, body, buf, at)
  }
}

/** [5.0 MQTT-2.1.3-1] */
function flagsOf(packet: Packet): number {
  switch (packet.cmd) {
    case 'publish':
      return publishFlags(packet)
    case 'pubrel':
    case 'subscribe':
    case 'unsubscribe':
      return 0x02
    default:
      return 0
  }
}

import type { Packet, PublishPacket, Version } from '../packets.js'
import { decodeAck } from './acks.js'
import { decodeConnack } from './connack.js'
import { decodeConnect } from './connect.js'
import { decodeAuth, decodeDisconnect } from './disconnect.js'
import { malformed } from './faults.js'
import { decodeSuback } from './suback.js'
import { decodeSubscribe, decodeUnsubscribe } from './subscribe.js'

/** Every packet but PUBLISH, which has a decoder of its own. */
export type ControlPacket = Exclude<Packet, PublishPacket>

/**
 * Reads one control packet, of a client or of a server. `type` and `flags` are the two halves of its first byte,
 * [start, end) is what follows the fixed header; nothing outside is read, and the packet keeps no part of `buf`.
 * `version` is of the connection; a CONNECT is read by its own.
 * @throws MqttError, always fatal: what the peer did wrong. RangeError for PUBLISH, which does not belong here.
 */
export function decode(
  type: number,
  flags: number,
  buf: Buffer,
  start: number,
  end: number,
  version: Version
): ControlPacket {
  if (flags !== 0 || type === 6 || type === 8 || type === 10) checkFlags(type, flags, version)
  switch (type) {
    case 1:
      return decodeConnect(buf, start, end)
    case 2:
      return decodeConnack(buf, start, end, version)
    case 3:
      throw new RangeError('decode() does not read PUBLISH')
    case 4:
      return decodeAck('puback', buf, start, end, version)
    case 5:
      return decodeAck('pubrec', buf, start, end, version)
    case 6:
      return decodeAck('pubrel', buf, start, end, version)
    case 7:
      return decodeAck('pubcomp', buf, start, end, version)
    case 8:
      return decodeSubscribe(buf, start, end, version)
    case 9:
      return decodeSuback('suback', buf, start, end, version)
    case 10:
      return decodeUnsubscribe(buf, start, end, version)
    case 11:
      return decodeSuback('unsuback', buf, start, end, version)
    case 12:
    case 13:
      if (start !== end) throw malformed(`${type === 12 ? 'PINGREQ' : 'PINGRESP'} is not empty`)
      return { cmd: type === 12 ? 'pingreq' : 'pingresp' }
    case 14:
      return decodeDisconnect(buf, start, end, version)
    case 15:
      if (version === 5) return decodeAuth(buf, start, end)
      break
  }
  throw malformed(`packet type ${type} does not exist in protocol level ${version}`)
}

/** The low nibble is fixed for all but PUBLISH [5.0 MQTT-2.1.3-1] [3.1.1 MQTT-2.2.2-2]. */
function checkFlags(type: number, flags: number, version: Version): void {
  if (type === 3) return
  if (type === 6 || type === 8 || type === 10) {
    if (flags === 0x02) return
    // MQTT 3.1 sets DUP when it sends one of these again (3.1, 2.1)
    if (flags === 0x0a && version === 3) return
  }
  throw malformed(`the flags ${flags} are reserved in packet type ${type}`)
}

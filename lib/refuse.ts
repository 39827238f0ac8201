import type { Client } from './client.js'
import { MqttError } from './errors.js'
import type { ConnackPacket, Packet, PublishPacket } from './packets.js'
import { problem, redirection } from './problem.js'
import { connackReturnCode, legalReason } from './reasons.js'

/**
 * Tells a peer that a packet is refused, in the way its protocol version has for it (STYLE 7.1): an ack, a CONNACK,
 * a DISCONNECT, or the end of the connection. An error that is not an MqttError is our own fault: its text stays here.
 * `close`: MQTT 3 clients that publish what they may not are disconnected instead of acknowledged
 * [3.1.1 MQTT-3.3.5-2].
 */
export function refuse(client: Client, packet: Packet | null, err: Error, close: boolean): void {
  const fault =
    err instanceof MqttError ? err : new MqttError('UnspecifiedError', 'internal error', { fatal: true })
  if (client.state === 'new') refuseConnect(client, packet, fault)
  else if (fault.fatal || packet === null || !answer(client, packet, fault, close)) client.close(fault)
}

function refuseConnect(client: Client, packet: Packet | null, err: MqttError): void {
  const known = packet?.cmd === 'connect' || packet?.cmd === 'auth' || client.claimed
  if (!known) {
    client.drop(err)
    return
  }
  if (client.version === 5) {
    client.refuse(connack(legalReason(err.reason, 'connack'), err), err)
    return
  }
  const code = connackReturnCode(err.reasonName)
  // A malformed CONNECT of MQTT 3 is closed without a CONNACK [3.1.1 MQTT-3.1.4-1] [3.1.1 MQTT-3.2.2-6].
  if (code === null) client.drop(err)
  else client.refuse(connack(code, null), err)
}

function connack(reasonCode: number, err: MqttError | null): ConnackPacket {
  const properties = err ? redirection(err) : {}
  return { cmd: 'connack', sessionPresent: false, reasonCode, properties }
}

/** False when the packet has no answer that could say so. */
function answer(client: Client, packet: Packet, err: MqttError, close: boolean): boolean {
  const properties = problem(err)
  switch (packet.cmd) {
    case 'publish': {
      dropped(client, packet)
      if (client.version !== 5 && close) return false
      const qos = (packet as { wireQos?: number }).wireQos ?? packet.qos
      if (qos === 0) return true
      const reasonCode = legalReason(err.reason, 'puback')
      client.write({
        cmd: qos === 1 ? 'puback' : 'pubrec',
        messageId: packet.messageId,
        reasonCode,
        properties
      })
      return true
    }
    case 'subscribe': {
      const granted = packet.subscriptions.map(() => legalReason(err.reason, 'suback'))
      client.write({ cmd: 'suback', messageId: packet.messageId, granted, properties })
      return true
    }
    case 'unsubscribe': {
      const granted = packet.unsubscriptions.map(() => legalReason(err.reason, 'unsuback'))
      client.write({ cmd: 'unsuback', messageId: packet.messageId, granted, properties })
      return true
    }
    case 'pubrec':
    case 'pubrel': {
      const cmd = packet.cmd === 'pubrec' ? 'pubrel' : 'pubcomp'
      client.write({
        cmd,
        messageId: packet.messageId,
        reasonCode: legalReason(err.reason, 'pubrel'),
        properties
      })
      return true
    }
    case 'puback':
    case 'pubcomp':
    case 'pingreq':
      return true
    default:
      return false
  }
}

/** Lost on purpose; who would have got it nobody knows. */
function dropped({ stack }: Client, packet: PublishPacket): void {
  stack.counters.messagesDropped++
  const told = stack.chain('messageDropped')
  if (told.size > 0) told.tell({ client: null, clientId: null, packet, reason: 'refused' })
}

import { code, codes } from './breach.js'
import { levelOf, type Version } from './version.js'
import type { Received } from './wire/received.js'
import { PacketReader } from './wire/sent.js'

/** A packet from the broker in words. */
export function receivedWords(packet: Received): string {
  const { cmd, messageId, reasonCode, properties } = packet
  const parts: string[] = [cmd.toUpperCase()]
  if (messageId > 0) parts.push(`id ${messageId}`)
  if (cmd === 'connack') parts.push(packet.sessionPresent ? 'Session Present 1' : 'Session Present 0')
  if (cmd === 'publish') parts.push(...publishWords(packet, packet.payload))
  else if (packet.codes.length > 0) parts.push(codes(packet.codes))
  else if (cmd !== 'suback' && cmd !== 'unsuback' && cmd !== 'pingresp') parts.push(code(reasonCode))
  const { userProperties, subscriptionIdentifiers: ids, ...others } = properties
  parts.push(...propertyWords(others))
  if (ids.length > 0) parts.push(`subscriptionIdentifier ${ids.join(' and ')}`)
  for (const [name, value] of userProperties) parts.push(`userProperty ${quoted(name)}=${quoted(value)}`)
  return parts.join(', ')
}

/** Bytes to the broker in words: MQTT as far as they are MQTT. */
export function sentWords(version: Version, bytes: Buffer): string {
  const packet = new PacketReader(levelOf(version)).read(bytes)
  if (!packet) return `${bytes.length} bytes that are no whole, valid packet`
  const { cmd, properties = {} } = packet as { cmd: string; properties?: object }
  const parts = [cmd.toUpperCase()]
  if (packet.messageId) parts.push(`id ${packet.messageId}`)
  switch (packet.cmd) {
    case 'connect':
      parts.push(`client id ${quoted(packet.clientId)}`, packet.clean ? 'clean' : 'not clean')
      if (packet.keepalive) parts.push(`keep alive ${packet.keepalive}`)
      if (packet.username) parts.push(`user ${quoted(String(packet.username))}`)
      if (packet.will)
        parts.push(`will ${publishWords(packet.will, Buffer.from(packet.will.payload)).join(', ')}`)
      break
    case 'publish':
      parts.push(...publishWords(packet, Buffer.from(packet.payload)))
      break
    case 'subscribe':
      for (const { topic, qos, nl, rap, rh } of packet.subscriptions) {
        const options = `${nl ? ', no local' : ''}${rap ? ', retain as published' : ''}${rh ? `, retain handling ${rh}` : ''}`
        parts.push(`${quoted(topic)} at QoS ${qos}${options}`)
      }
      break
    case 'unsubscribe':
      parts.push(...packet.unsubscriptions.map(quoted))
      break
    default:
      if ('reasonCode' in packet && packet.reasonCode) parts.push(code(packet.reasonCode))
  }
  return [...parts, ...propertyWords(properties)].join(', ')
}

function publishWords(
  { qos, dup, retain, topic }: { qos?: number; dup?: boolean; retain?: boolean; topic: string },
  payload: Buffer
): string[] {
  const flags = [`QoS ${qos ?? 0}`, ...(dup ? ['DUP'] : []), ...(retain ? ['RETAIN'] : [])]
  return [quoted(topic), ...flags, payload.length === 0 ? 'empty' : quoted(payload.toString())]
}

function propertyWords(properties: object): string[] {
  return Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? quoted(value) : valueWords(value)}`)
}

function valueWords(value: unknown): string {
  return Buffer.isBuffer(value) ? `0x${value.toString('hex')}` : JSON.stringify(value)
}

/** In quotes, control characters escaped, shortened. */
function quoted(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 48)}…(${text.length})` : text
  return JSON.stringify(shown)
}

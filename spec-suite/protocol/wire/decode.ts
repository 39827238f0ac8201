import { code } from '../breach.js'
import type { Version } from '../version.js'
import { Reader } from './reader.js'
import { type Received, type ReceivedCommand, serverPackets } from './received.js'
import { legalCodes } from './rules.js'
import { rules, type Violation, violation } from './violation.js'

/** Which statement says what codes a packet may have. */
const codeRules: Readonly<Record<string, string>> = {
  ...{ connack: '3.2.2-8', puback: '3.4.2-1', pubrec: '3.5.2-1', pubrel: '3.6.2-1', pubcomp: '3.7.2-1' },
  ...{ suback: '3.9.3-2', unsuback: '3.11.3-2', disconnect: '3.14.2-1', auth: '3.15.2-1' }
}

/**
 * Reads a packet from a broker, by the specification alone and independent of the broker's own code.
 * What is wrong with it is added to `found`.
 * @throws Broken when it cannot be read at all
 */
export function decode(version: Version, frame: Buffer, bodyAt: number, found: Violation[]): Received {
  const cmd = serverPackets[frame[0]! >> 4] as ReceivedCommand
  const tell = (...[text, rule]: [text: string, rule?: Parameters<typeof violation>[2]]) => {
    found.push(violation(version, text, rule))
  }
  const packet: Received = {
    ...{ cmd, bytes: frame, flags: frame[0]! & 15, messageId: 0, reasonCode: 0, codes: [] },
    ...{ sessionPresent: false, qos: 0, dup: false, retain: false, topicName: '', topic: '' },
    ...{
      payload: Buffer.alloc(0),
      text: '',
      foreign: false,
      properties: { userProperties: [], subscriptionIdentifiers: [] }
    }
  }
  const reader = new Reader(cmd, frame.subarray(bodyAt), tell)
  const wanted = cmd === 'pubrel' ? 2 : 0
  if (cmd !== 'publish' && packet.flags !== wanted) {
    const ids = { '3.1.1': '2.2.2-1', '5.0': cmd === 'pubrel' ? ['2.1.3-1', '3.6.1-1'] : '2.1.3-1' }
    tell(`${cmd} has the flags ${packet.flags} instead of ${wanted}`, ids)
  }
  read(packet, reader, version, tell)
  if (reader.left > 0) tell(`${cmd} has ${reader.left} bytes too many`, rules.length)
  checkCodes(packet, version, tell)
  return packet
}

type Tell = (text: string, rule?: Parameters<typeof violation>[2]) => void

function read(packet: Received, reader: Reader, version: Version, tell: Tell): void {
  const is5 = version === '5.0'
  switch (packet.cmd) {
    case 'connack': {
      const flags = reader.number(1)
      packet.reasonCode = reader.number(1)
      packet.sessionPresent = (flags & 1) === 1
      if (flags > 1) tell('CONNACK has reserved flags set', { '5.0': '3.2.2-1' })
      if (!is5) return
      // So a broker answers that knows 3.1.1 only.
      if (reader.left === 0) tell('CONNACK has no property length', rules.property)
      else packet.properties = reader.properties()
      return
    }
    case 'publish':
      readPublish(packet, reader, is5, tell)
      return
    case 'suback':
    case 'unsuback':
      packet.messageId = reader.number(2)
      if (is5) packet.properties = reader.properties()
      if (is5 || packet.cmd === 'suback') packet.codes = [...reader.bytes(reader.left)]
      return
    case 'pingresp':
      return
    case 'disconnect':
    case 'auth':
      if (reader.left > 0) packet.reasonCode = reader.number(1)
      if (reader.left > 0) packet.properties = reader.properties()
      return
    default:
      packet.messageId = reader.number(2)
      if (is5 && reader.left > 0) packet.reasonCode = reader.number(1)
      if (is5 && reader.left > 0) packet.properties = reader.properties()
  }
}

function readPublish(packet: Received, reader: Reader, is5: boolean, tell: Tell): void {
  const qos = (packet.flags >> 1) & 3
  if (qos === 3) tell('PUBLISH has QoS 3', { '3.1.1': '3.3.1-4', '5.0': '3.3.1-4' })
  packet.qos = qos as 0 | 1 | 2
  packet.dup = (packet.flags & 8) > 0
  packet.retain = (packet.flags & 1) > 0
  packet.topicName = packet.topic = reader.text('the topic')
  if (/[+#]/.test(packet.topic)) {
    tell(`PUBLISH has wildcards in its topic '${packet.topic}'`, { '3.1.1': '3.3.2-2', '5.0': '3.3.2-2' })
  }
  if (qos > 0) packet.messageId = reader.number(2)
  if (is5) packet.properties = reader.properties()
  packet.payload = reader.bytes(reader.left)
  packet.text = packet.payload.toString()
}

function checkCodes({ cmd, reasonCode, codes }: Received, version: Version, tell: Tell): void {
  const rule = codeRules[cmd]
  if (!rule) return
  const legal = version === '5.0' ? legalCodes[cmd]! : legalReturnCodes[cmd]
  for (const one of cmd === 'suback' || cmd === 'unsuback' ? codes : [reasonCode]) {
    if (legal && !legal.has(one)) {
      const ids = { '3.1.1': cmd === 'connack' ? '3.2.2-6' : '3.9.3-2', '5.0': rule }
      tell(`${cmd} has the code ${code(one)}, which it cannot have`, ids)
    }
  }
}

const legalReturnCodes: Readonly<Record<string, ReadonlySet<number>>> = {
  connack: new Set([0, 1, 2, 3, 4, 5]),
  suback: new Set([0, 1, 2, 0x80])
}

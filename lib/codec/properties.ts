import { MqttError } from '../errors.js'
import { malformed, protocolError } from './faults.js'
import { afterField, readBinary, readByte, readUint16, readUint32 } from './fields.js'
import { type PropertiesOf, type Property, propertiesIn, type Where } from './property-table.js'
import { readString } from './utf8.js'
import { readVarint, varintSize } from './varint.js'

/** By place and id. An id is a Variable Byte Integer, but all are below 128: a byte above finds nothing here. */
const legal = Object.fromEntries(
  Object.entries(propertiesIn).map(([where, known]) => {
    const byId: Array<Property | undefined> = new Array(256).fill(undefined)
    for (const property of known) byId[property.id] = property
    return [where, byId]
  })
) as unknown as Readonly<Record<Where, ReadonlyArray<Property | undefined>>>

/** Keys come from the table only, never from the wire. */
type Target = Record<string, unknown>

/**
 * The properties in [start, end), which is what follows the property length. User properties are pairs in the order
 * of the wire [5.0 MQTT-3.1.3-10]. Binary values are copies.
 *
 * Who sent them is the caller's to judge: a PUBLISH of a client must have no `subscriptionIdentifier` (0x82,
 * [5.0 MQTT-3.3.4-6]; several of them become an array), a DISCONNECT of a client no `serverReference`, one of a server
 * no `sessionExpiryInterval` [5.0 MQTT-3.14.2-2].
 * @throws MqttError MalformedPacket for an id that is unknown, or not legal in `where`, and for broken values;
 * ProtocolError for repetitions and illegal values; TopicAliasInvalid for the alias 0
 */
export function readProperties<W extends Where>(
  buf: Buffer,
  start: number,
  end: number,
  where: W
): PropertiesOf[W] {
  const byId = legal[where]
  const target: Target = {}
  let seen = 0
  let pos = start
  while (pos < end) {
    const property = byId[buf[pos]!]
    if (property === undefined) throw malformed(`0x${buf[pos]!.toString(16)} is no property of ${where}`)
    if ((seen & property.bit) !== 0 && !mayRepeat(property, where)) {
      throw protocolError(`${property.name} twice in ${where}`)
    }
    seen |= property.bit
    pos = readProperty(buf, pos + 1, end, property, target)
  }
  if (target.authenticationData !== undefined && target.authenticationMethod === undefined) {
    throw protocolError('authenticationData without authenticationMethod')
  }
  return target as PropertiesOf[W]
}

function mayRepeat(property: Property, where: Where): boolean {
  return property.type === 'pair' || (property.type === 'varint' && where === 'publish')
}

/** Reads one value into `target`; returns the position after it. */
function readProperty(buf: Buffer, pos: number, end: number, property: Property, target: Target): number {
  switch (property.type) {
    case 'flag':
      target[property.name] = readBit(buf, pos, end, property) === 1
      return pos + 1
    case 'bit':
      target[property.name] = readBit(buf, pos, end, property)
      return pos + 1
    case 'uint16':
      target[property.name] = checked(readUint16(buf, pos, end), property)
      return pos + 2
    case 'uint32':
      target[property.name] = checked(readUint32(buf, pos, end), property)
      return pos + 4
    case 'varint': {
      const value = checked(readVarint(buf, pos, end), property)
      target[property.name] = joined(target[property.name] as number | number[] | undefined, value)
      return pos + varintSize(value)
    }
    case 'string':
      target[property.name] = readString(buf, pos, end)
      return afterField(buf, pos)
    case 'binary':
      target[property.name] = readBinary(buf, pos, end)
      return afterField(buf, pos)
    case 'pair': {
      const key = readString(buf, pos, end)
      const middle = afterField(buf, pos)
      const pair: [string, string] = [key, readString(buf, middle, end)]
      const pairs = target[property.name] as Array<[string, string]> | undefined
      if (pairs === undefined) target[property.name] = [pair]
      else pairs.push(pair)
      return afterField(buf, middle)
    }
  }
}

function readBit(buf: Buffer, pos: number, end: number, property: Property): number {
  const value = readByte(buf, pos, end)
  if (value > 1) throw protocolError(`${property.name} is ${value}, not 0 or 1`)
  return value
}

function checked(value: number, property: Property): number {
  if (value === 0 && property.zero !== undefined) throw new MqttError(property.zero, `${property.name} is 0`)
  return value
}

/** One subscription identifier stays a number. */
function joined(before: number | number[] | undefined, value: number): number | number[] {
  if (before === undefined) return value
  if (typeof before === 'number') return [before, value]
  before.push(value)
  return before
}

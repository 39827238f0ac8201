import { binarySize, checkRange, writeBinary, writeUint16, writeUint32 } from './fields.js'
import { type PropertiesOf, type Property, propertiesIn, type Where } from './property-table.js'
import { stringSize, writeString } from './utf8-write.js'
import { MAX_VARINT, varintSize, writeVarint } from './varint.js'

type Source = Readonly<Record<string, unknown>>
type Pairs = ReadonlyArray<readonly [string, string]>

/**
 * Bytes that `writeProperties` will need, the property length included. What the table does not allow in `where` is
 * left out.
 * @throws RangeError for values that MQTT cannot carry
 */
export function propertiesSize<W extends Where>(props: PropertiesOf[W] | undefined, where: W): number {
  if (props === undefined) return 1
  const size = contentSize(props as Source, where)
  return size + varintSize(size)
}

/** Writes the property length and the properties in the order of their ids; returns the position after them. */
export function writeProperties<W extends Where>(
  buf: Buffer,
  pos: number,
  props: PropertiesOf[W] | undefined,
  where: W
): number {
  // the length 0 is written also without properties [5.0 MQTT-2.2.2-1]
  if (props === undefined) return writeVarint(buf, pos, 0)
  const source = props as Source
  let at = writeVarint(buf, pos, contentSize(source, where))
  const known = propertiesIn[where]
  for (let i = 0; i < known.length; i++) {
    const property = known[i]!
    const value = source[property.name]
    if (value !== undefined) at = writeProperty(buf, at, property, value)
  }
  return at
}

function contentSize(source: Source, where: Where): number {
  const known = propertiesIn[where]
  let size = 0
  for (let i = 0; i < known.length; i++) {
    const property = known[i]!
    const value = source[property.name]
    if (value !== undefined) size += propertySize(property, value)
  }
  return size
}

/** Bytes of a property with its id; of all its repetitions together. */
function propertySize(property: Property, value: unknown): number {
  switch (property.type) {
    case 'flag':
      return 2
    case 'bit':
      checkRange(property.name, value as number, 0, 1)
      return 2
    case 'uint16':
      checkRange(property.name, value as number, property.zero ? 1 : 0, 0xffff)
      return 3
    case 'uint32':
      checkRange(property.name, value as number, property.zero ? 1 : 0, 0xffff_ffff)
      return 5
    case 'varint': {
      let size = 0
      const values = typeof value === 'number' ? [value] : (value as readonly number[])
      for (const one of values) {
        checkRange(property.name, one, 1, MAX_VARINT)
        size += 1 + varintSize(one)
      }
      return size
    }
    case 'string':
      return 1 + stringSize(value as string)
    case 'binary':
      return 1 + binarySize(value as Uint8Array)
    case 'pair': {
      let size = 0
      for (const pair of value as Pairs) size += 1 + stringSize(pair[0]) + stringSize(pair[1])
      return size
    }
  }
}

function writeProperty(buf: Buffer, pos: number, property: Property, value: unknown): number {
  // what may repeat writes its id once a value, perhaps not at all
  if (property.type === 'pair') return writePairs(buf, pos, property.id, value as Pairs)
  if (property.type === 'varint')
    return writeVarints(buf, pos, property.id, value as number | readonly number[])
  buf[pos] = property.id
  switch (property.type) {
    case 'flag':
    case 'bit':
      buf[pos + 1] = value ? 1 : 0
      return pos + 2
    case 'uint16':
      return writeUint16(buf, pos + 1, value as number)
    case 'uint32':
      return writeUint32(buf, pos + 1, value as number)
    case 'string':
      return writeString(buf, pos + 1, value as string)
    case 'binary':
      return writeBinary(buf, pos + 1, value as Uint8Array)
  }
}

function writePairs(buf: Buffer, pos: number, id: number, pairs: Pairs): number {
  let at = pos
  for (const pair of pairs) {
    buf[at] = id
    at = writeString(buf, writeString(buf, at + 1, pair[0]), pair[1])
  }
  return at
}

function writeVarints(buf: Buffer, pos: number, id: number, value: number | readonly number[]): number {
  if (typeof value === 'number') {
    buf[pos] = id
    return writeVarint(buf, pos + 1, value)
  }
  let at = pos
  for (const one of value) {
    buf[at] = id
    at = writeVarint(buf, at + 1, one)
  }
  return at
}

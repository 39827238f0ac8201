export { type ControlPacket, decode } from './decode.js'
export { encode, encodedSize, encodeInto } from './encode.js'
export { malformed, protocolError } from './faults.js'
export {
  afterField,
  readBinary,
  readMessageId,
  readPropertiesLength,
  readUint16,
  readUint32,
  writeUint16,
  writeUint32
} from './fields.js'
export { readProperties } from './properties.js'
export { propertiesSize, writeProperties } from './properties-write.js'
export {
  type DataType,
  type PropertiesOf,
  type Property,
  type PropertyName,
  properties,
  propertiesIn,
  type Where
} from './property-table.js'
export { isClientDisconnectReason, isDefinedReason } from './reason-tables.js'
export { isWellFormed, readString } from './utf8.js'
export { stringSize, writeString } from './utf8-write.js'
export { MAX_VARINT, readVarint, varintSize, writeVarint } from './varint.js'

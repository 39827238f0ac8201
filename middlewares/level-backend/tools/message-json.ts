import { isUtf8 } from 'node:buffer'
import type { MessageProperties, PublishPacket } from '../../../lib/index.js'
import type { BytesJson, MessageJson } from './format.js'

/** Above this many bytes a text could become longer than a string may be, once its quotes are escaped. */
const longestText = 16_777_216

/** All control characters but tab, line feed and carriage return: nobody reads them, and escaped they are long. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unreadable = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/

/** A message as an export has it. */
export function messageJson(packet: PublishPacket): MessageJson {
  const { topic, payload, qos, retain, expiresAt, properties } = packet
  return {
    ...{ topic, payload: bytesJson(payload), qos, retain, expiresAt: expiresAt || null },
    ...(properties && Object.keys(properties).length > 0 && { properties: propertiesJson(properties) })
  }
}

export function bytesJson(bytes: Buffer): BytesJson {
  if (bytes.length <= longestText && isUtf8(bytes)) {
    const text = bytes.toString()
    if (!unreadable.test(text)) return { utf8: text }
  }
  return { base64: bytes.toString('base64') }
}

function propertiesJson(properties: MessageProperties): NonNullable<MessageJson['properties']> {
  const { payloadFormatIndicator, messageExpiryInterval, contentType, responseTopic } = properties
  const { correlationData, userProperties } = properties
  return {
    ...(payloadFormatIndicator !== undefined && { payloadFormatIndicator }),
    ...(messageExpiryInterval !== undefined && { messageExpiryInterval }),
    ...(contentType !== undefined && { contentType }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData !== undefined && { correlationData: bytesJson(correlationData) }),
    ...(userProperties !== undefined && { userProperties })
  }
}

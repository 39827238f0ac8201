import type { PublishProperties } from '../packets.js'
import { propertiesSize, writeProperties } from './properties-write.js'
import { varintSize } from './varint.js'

/**
 * The properties that every copy of a message carries, encoded without the length before them. Alias, expiry and
 * subscription identifiers are left out: they differ by receiver.
 */
export function encodePublishBody(properties: PublishProperties): Buffer {
  const common: PublishProperties = { ...properties }
  delete common.topicAlias
  delete common.messageExpiryInterval
  delete common.subscriptionIdentifier
  const size = propertiesSize(common, 'publish')
  // Kept with the message, perhaps for long: not from the pool, of which it would hold 8 KiB.
  const encoded = Buffer.allocUnsafeSlow(size)
  writeProperties(encoded, 0, common, 'publish')
  return encoded.subarray(size - contentLength(size))
}

/** The content that has this size together with its own length. */
function contentLength(size: number): number {
  let content = size - 1
  while (content + varintSize(content) > size) content--
  return content
}

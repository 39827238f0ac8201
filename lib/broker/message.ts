import { StackError } from '../errors.js'
import type { MessageProperties, PublishPacket, QoS } from '../packets.js'

export interface PublishOptions {
  /** Default: 0. */
  qos?: QoS
  /** Default: false. */
  retain?: boolean
  properties?: MessageProperties
}

/** A message of the program itself, its payload copied. @throws StackError when it cannot be sent like this */
export function messageOf(
  topic: string,
  payload: string | Uint8Array,
  { qos = 0, retain = false, properties }: PublishOptions
): Partial<PublishPacket> & { topic: string } {
  if (qos !== 0 && qos !== 1 && qos !== 2) throw wrong(`qos is ${String(qos)}: give 0, 1 or 2`)
  if (typeof payload !== 'string' && !(payload instanceof Uint8Array)) {
    throw wrong(`the payload is ${String(payload)}: give a string or a Uint8Array`)
  }
  const expiry = properties?.messageExpiryInterval
  if (expiry !== undefined && !(Number.isInteger(expiry) && expiry >= 0 && expiry <= 0xffff_ffff)) {
    throw wrong(`the message is to expire after ${expiry} s: give an integer from 0 to 4294967295`)
  }
  return { topic, qos, retain, payload: Buffer.from(payload as string), ...(properties && { properties }) }
}

function wrong(text: string): StackError {
  return new StackError('STACK_INVALID_OPTIONS', text, [text])
}

import { inspect } from 'node:util'
import type { UserProperties } from './packets.js'
import { isFatal, Reason, type ReasonCode, type ReasonName, reasonName } from './reasons.js'

export interface MqttErrorOptions {
  /** true: ends the connection; false: refuses this packet only. Default: depends on the reason. */
  fatal?: boolean
  cause?: unknown
  /** Sent to MQTT 5 peers with the refusal. */
  userProperties?: UserProperties
  /** Sent with 0x9C Use another server and 0x9D Server moved (MQTT 5.0, 4.11). */
  serverReference?: string
}

/** What a peer did wrong or may not do. Becomes an ack, a CONNACK or a DISCONNECT on the wire. */
export class MqttError extends Error {
  override readonly name = 'MqttError'
  /** Stable, for programs: `MQTT_NOT_AUTHORIZED`. */
  readonly code: `MQTT_${string}`
  readonly reasonName: ReasonName
  readonly reason: ReasonCode
  readonly fatal: boolean
  readonly userProperties?: UserProperties
  readonly serverReference?: string

  constructor(reason: ReasonName, message?: string, options: MqttErrorOptions = {}) {
    super(message ?? spaced(reason), options.cause === undefined ? undefined : { cause: options.cause })
    this.code = `MQTT_${spaced(reason).toUpperCase().replaceAll(' ', '_')}`
    this.reasonName = reason
    this.reason = Reason[reason]
    this.fatal = options.fatal ?? isFatal(reason)
    if (options.userProperties) this.userProperties = options.userProperties
    if (options.serverReference) this.serverReference = options.serverReference
  }
}

/** `NotAuthorized` as people write it: `Not authorized`. `QoS` stays one word. */
function spaced(name: string): string {
  const words = name.match(/QoS\d?|[A-Z][a-z]*/g)!
  return words.map((word, i) => (i === 0 || word.startsWith('QoS') ? word : word.toLowerCase())).join(' ')
}

export type StackErrorCode =
  | 'STACK_STARTED'
  | 'STACK_NOT_STARTED'
  | 'STACK_INVALID_MIDDLEWARE'
  | 'STACK_INVALID_OPTIONS'
  | 'STACK_UNHANDLED_CALLBACK'
  | 'STACK_DUPLICATE_HANDLER'
  | 'STACK_ORDER'
  | 'STACK_SETTLED_TWICE'
  | 'STACK_NOT_SETTLED'
  | 'STACK_BAD_RETURN'
  | 'STACK_ASYNC_NEXT'
  | 'STACK_LISTEN'
  | 'STACK_STORAGE'

/** What the programmer did wrong. Thrown by use(), start() and execute(); never sent to a peer. */
export class StackError extends Error {
  override readonly name = 'StackError'
  readonly code: StackErrorCode
  /** start() reports everything that is wrong at once. */
  readonly problems: readonly string[]

  constructor(code: StackErrorCode, message: string, problems: readonly string[] = [], cause?: unknown) {
    super(`[${code}] ${message}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.problems = problems
  }
}

/**
 * What a handler threw, as an Error. A bare reason code (`throw Reason.NotAuthorized`, `throw 0x87`) is an
 * MqttError; anything that is not an Error is wrapped.
 */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  if (typeof thrown === 'number') {
    const name = reasonName(thrown)
    if (name !== undefined && thrown >= 0x80) return new MqttError(name)
  }
  return new Error(`a handler threw something that is no Error: ${inspect(thrown)}`, { cause: thrown })
}

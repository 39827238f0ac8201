import type { Client } from './client.js'
import { type Clock, systemClock } from './clock.js'
import { StackError } from './errors.js'
import type { Packet } from './packets.js'

export interface StackOptions {
  /** Sees every failed packet after the reply went out, and what middlewares did wrong. Default: nobody. */
  onError?: (err: Error, client: Client | null, packet: Packet | null) => void
  /** One-shot next/done per step, and a stall timer. Default: NODE_ENV is not `production`. */
  strict?: boolean
  /** Strict mode: how long a step may neither settle nor return, in ms. Default: 30 000. */
  stallTimeout?: number
  /** How long stop() lets running chains finish and closed sockets empty, in ms. Default: 5000. */
  drainTimeout?: number
  /** How long a closed connection may take to read its last bytes, in ms. Default: 2000. */
  lingerTimeout?: number
  /**
   * The largest packet a client may send, in bytes; no more than 1 MiB until its CONNECT was accepted. Default: 16 MiB;
   * the protocol's limit is 268 435 460.
   */
  maximumPacketSize?: number
  /** What an MQTT 3 client gets that publishes what it may not [3.1.1 MQTT-3.3.5-2]. Default: `ack`. */
  refuse?: 'ack' | 'close'
  /** Where time comes from. Default: the system. */
  clock?: Clock
  /** Uniform in [0, 1). Default: Math.random. */
  random?: () => number
}

export type StackSettings = Required<StackOptions>

const limits: ReadonlyArray<readonly [keyof StackOptions, number, number]> = [
  ['stallTimeout', 1, 2 ** 31 - 1],
  ['drainTimeout', 0, 2 ** 31 - 1],
  ['lingerTimeout', 0, 2 ** 31 - 1],
  ['maximumPacketSize', 64, 268_435_460]
]

/** @throws StackError with everything that is wrong. */
export function stackSettings(options: StackOptions): StackSettings {
  const settings: StackSettings = {
    onError: options.onError ?? (() => {}),
    strict: options.strict ?? process.env.NODE_ENV !== 'production',
    stallTimeout: options.stallTimeout ?? 30_000,
    drainTimeout: options.drainTimeout ?? 5000,
    lingerTimeout: options.lingerTimeout ?? 2000,
    maximumPacketSize: options.maximumPacketSize ?? 16_777_216,
    refuse: options.refuse ?? 'ack',
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random
  }
  const problems = limits.flatMap(([name, low, high]) => {
    const value = settings[name]
    const fine = Number.isInteger(value) && (value as number) >= low && (value as number) <= high
    return fine ? [] : [`${name} is ${String(value)}: give an integer from ${low} to ${high}`]
  })
  if (settings.refuse !== 'ack' && settings.refuse !== 'close') {
    problems.push(`refuse is ${String(settings.refuse)}: give 'ack' or 'close'`)
  }
  if (problems.length > 0) {
    throw new StackError('STACK_INVALID_OPTIONS', `wrong options\n  ${problems.join('\n  ')}`, problems)
  }
  return settings
}

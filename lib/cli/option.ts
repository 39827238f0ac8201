import type { BrokerOptions } from '../broker/index.js'

/**
 * What the value of an option looks like. `duration` is seconds, or a number with a unit (`500ms`, `10s`, `5m`, `1h`,
 * `7d`); `bytes` may end in K, M or G (of 1024); `count` and `bytes` without an upper limit take `unlimited`.
 */
export type OptionKind = 'flag' | 'text' | 'path' | 'count' | 'bytes' | 'duration' | 'choice'

export interface CommandOption<Group extends string = OptionGroup> {
  /** Without the two dashes. */
  readonly name: string
  readonly kind: OptionKind
  readonly group: Group
  /** What stands for the value in help texts. */
  readonly value?: string
  /** A sentence without a full stop. */
  readonly about: string
  /** What holds without the option, for people. */
  readonly fallback?: string
  /** The smallest and the largest value, of numbers: in what `unit` says. */
  readonly range?: readonly [low: number, high: number]
  /** What durations are counted in by who gets them. Default: s. */
  readonly unit?: 'ms' | 's'
  readonly choices?: readonly string[]
  /** It may be given more than once, and as a list with commas. */
  readonly many?: boolean
  /** The option of createBroker() that it sets; a flag sets it to `sets`. */
  readonly broker?: keyof BrokerOptions
  /** Default: true. */
  readonly sets?: boolean
}

/** An option of any command. */
export type AnyOption = CommandOption<string>

export const groups = {
  listeners: 'Where it listens',
  tls: 'TLS',
  access: 'Who is let in',
  clients: 'Clients and sessions',
  messages: 'Messages',
  storage: 'Storage',
  features: 'What clients may use',
  logging: 'Logging'
} as const

export type OptionGroup = keyof typeof groups

/** `max-qos` is STACKMQ_MAX_QOS in the environment. */
export function variableOf(name: string): string {
  return `STACKMQ_${name.toUpperCase().replaceAll('-', '_')}`
}

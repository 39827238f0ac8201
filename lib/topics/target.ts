import type { QoS } from '../packets.js'

/** What a subscriber asked for with one topic filter. */
export interface SubscriptionOptions {
  qos: QoS
  /** No Local. */
  nl: boolean
  /** Retain As Published. */
  rap: boolean
  /** Subscription Identifier. */
  identifier?: number
}

/** One subscriber of a topic, however many of its filters match: it gets the message once. */
export interface Target<S> {
  readonly subscriber: S
  /** The highest of the matching subscriptions [5.0 MQTT-3.3.4-2]. */
  readonly qos: QoS
  /** Whether any of them asked for Retain As Published. */
  readonly rap: boolean
  /** Whether all of them have No Local: never sent to its publisher [5.0 MQTT-3.8.3-3]. */
  readonly noLocal: boolean
  /** Of all matching subscriptions which have one; may repeat, in no order [5.0 MQTT-3.3.4-4]. */
  readonly identifiers: readonly number[] | null
  /** The options of each matching subscription; null when there is only one. */
  readonly sources: readonly SubscriptionOptions[] | null
}

/** The stored subscription and the target in one object: what matches alone is delivered without a copy. */
export class MatchTarget<S> implements Target<S> {
  readonly subscriber: S
  /** Of the first subscription. */
  readonly options: SubscriptionOptions
  qos: QoS
  rap: boolean
  noLocal: boolean
  identifiers: number[] | null
  sources: SubscriptionOptions[] | null

  constructor(subscriber: S, options: SubscriptionOptions) {
    this.subscriber = subscriber
    this.options = options
    this.qos = options.qos
    this.rap = options.rap
    this.noLocal = options.nl
    this.identifiers = options.identifier === undefined ? null : [options.identifier]
    this.sources = null
  }

  /** This and another target of the same subscriber. Stored ones stay as they are, merged ones grow in place. */
  plus(other: MatchTarget<S>): MatchTarget<S> {
    const merged = this.sources === null ? merger(this.subscriber, this.options) : this
    if (other.sources === null) merged.#absorb(other.options)
    else for (const options of other.sources) merged.#absorb(options)
    return merged
  }

  #absorb(options: SubscriptionOptions): void {
    this.sources?.push(options)
    if (options.qos > this.qos) this.qos = options.qos
    this.rap ||= options.rap
    this.noLocal &&= options.nl
    if (options.identifier === undefined) return
    if (this.identifiers === null) this.identifiers = [options.identifier]
    else this.identifiers.push(options.identifier)
  }
}

/**
 * What is left of a target when the subscriber is the publisher itself: the merge of its matching subscriptions
 * without No Local, null when there is none.
 */
export function withoutNoLocal<S>(target: Target<S>): Target<S> | null {
  if (target.noLocal) return null
  if (target.sources === null) return target
  const open = target.sources.filter(options => !options.nl)
  if (open.length === target.sources.length) return target
  return open.map(options => new MatchTarget(target.subscriber, options)).reduce((a, b) => a.plus(b))
}

function merger<S>(subscriber: S, options: SubscriptionOptions): MatchTarget<S> {
  const merged = new MatchTarget(subscriber, options)
  merged.sources = [options]
  return merged
}

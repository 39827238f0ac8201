import type { Broker, BrokerOptions } from '../../../../lib/index.js'
import type { BrokerFacts } from '../../../../spec-suite/protocol/broker/facts.js'
import type { ByVersion } from '../../../../spec-suite/protocol/version.js'
import type { Rewrite } from './rewrite.js'
import type { WebSocketFault } from './web-socket.js'

/** A broker that does one thing wrong. */
export interface Mutant {
  /** Unique, kebab-case. */
  readonly name: string
  /** What it does wrong, in a sentence without a full stop. */
  readonly does: string
  /** Statements that it breaks, without `MQTT-`. A case that proves one of them has to notice it. */
  readonly breaks: ByVersion<readonly string[]>
  /** Which of our brokers it is made of. Default: plain. */
  readonly base?: Base
  /** Options of the plain one. */
  readonly options?: BrokerOptions
  /** What the suite is told of it, where it lies in its CONNACK. */
  readonly capabilities?: Partial<BrokerFacts>
  /** Breaks a broker that has not started. */
  change?(broker: Broker): unknown
  /** Breaks it at the bytes, for each connection anew. */
  readonly rewrite?: Rewrite
  /** Breaks its WebSocket listener. */
  readonly webSocket?: WebSocketFault
}

export type Base = 'plain' | 'restricted' | 'guarded'

/** Statements that have the same number in both versions. */
export function both(...ids: string[]): ByVersion<readonly string[]> {
  return { '3.1.1': ids, '5.0': ids }
}

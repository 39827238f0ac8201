import type { StoredSession, Subscription } from '../../lib/index.js'
import { IdSet } from '../../lib/session/id-set.js'
import { InflightTable } from '../../lib/session/inflight-table.js'
import { clientCode } from './keys.js'
import type { MessagePut } from './put.js'
import { ReadAhead } from './read-ahead.js'

/** What is known of a client id that something is stored for. A session that is removed takes its number along. */
export class StoredClient {
  readonly id: string
  readonly number: number
  /** The number as keys have it. */
  readonly code: string
  session: StoredSession | null = null

  /** What waits: how many, their bytes, and the sequence number before which nothing does. */
  count = 0
  bytes = 0
  first = 0
  /** There is a count on disk. */
  counted = false
  /** The batch that the queue has to wait for before it is read: what is added, or removed from its midst. */
  batch = 0
  /** Grows with each removal. */
  removals = 0

  /** What is known to be in flight is all there is. */
  complete = true
  /** What was removed while what is in flight is being read. */
  settled: Set<number> | null = null
  /** Lookups under way: nothing is cleared away before them. */
  readers = 0
  /** It was removed while somebody reads its queue. */
  isLeaving = false
  // Most clients have few of these, and there are many clients.
  #subscriptions: Map<string, Subscription> | null = null
  #inflight: InflightTable<MessagePut> | null = null
  #incoming: IdSet | null = null
  #readAhead: ReadAhead | null = null

  constructor(id: string, number: number) {
    this.id = id
    this.number = number
    this.code = clientCode(number)
  }

  get subscriptions(): Map<string, Subscription> {
    this.#subscriptions ??= new Map()
    return this.#subscriptions
  }

  /** What is in flight, as far as known. */
  get inflight(): InflightTable<MessagePut> {
    this.#inflight ??= new InflightTable()
    return this.#inflight
  }

  /** QoS 2 identifiers that await their PUBREL. */
  get incoming(): IdSet {
    this.#incoming ??= new IdSet()
    return this.#incoming
  }

  get readAhead(): ReadAhead {
    this.#readAhead ??= new ReadAhead()
    return this.#readAhead
  }

  /** Gives back the memory of a burst that is over. */
  trim(): void {
    if (this.#inflight?.size === 0) this.#inflight = null
    if (this.#incoming?.size === 0) this.#incoming = null
  }

  /** Whether there may be messages of it, waiting or under way. */
  get hasMessages(): boolean {
    return this.count > 0 || !this.complete || !!this.#inflight?.size || !!this.#incoming?.size
  }
}

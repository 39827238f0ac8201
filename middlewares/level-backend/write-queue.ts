import { MqttError, toError } from '../../lib/errors.js'
import type { Next, Stack, Timer } from '../../lib/index.js'
import type { LevelBatch, LevelDb } from './level-db.js'
import type { Put } from './put.js'

/** How long a disk that failed is left alone when nobody asks, in ms. */
const retryDelay = 1000

/**
 * A message that is delivered and acknowledged while its batch gathers never reaches the disk, which is by far the
 * cheapest. A small batch goes out at the end of a turn that added nothing to it, or after 3 ms. A large one is what many
 * messages in flight make, which are on their way back: it waits until nothing has come for 2 ms, at most 15 ms, or 50 ms
 * when a part of the last one came and went.
 */
const large = 256
const longest = { small: 3, large: 15, worthwhile: 50 } as const
const rest = 2

export type Operations = Map<string, Put | null>

/** What the queue asks of its owner when a batch is made. */
export interface BatchMaker {
  /** What has changed and is written once a batch. */
  complete(add: (key: string, put: Put | null) => void): void
  encode(put: Put): Uint8Array
  /** A batch is on disk; so many of its operations were removals. */
  written(removals: number): void
}

/**
 * The one ordered queue of writes of a store. What a turn of the event loop writes is one atomic batch, and while that
 * is on its way the next one gathers. A batch that fails is tried again, under what came later.
 */
export class WriteQueue {
  /** The number of the batch that gathers, and of the last one that is on disk with all before it. */
  number = 1
  written = 0
  /** The last batch was not written: everybody who waits is told, and nothing large should be added. */
  failing = false
  readonly #stack: Stack
  readonly #db: LevelDb
  readonly #sync: boolean
  readonly #maker: BatchMaker
  #gathering: Operations = new Map()
  #writing: Operations | null = null
  /** Who waits for what is gathering, and who for what is being written. */
  #waiting: Next[] = []
  #served: Next[] = []
  #scheduled = false
  /** Counts what was added and removed; and what it was at the end of the last turn. */
  #changes = 0
  #seen = 0
  /** When the first of what is gathering came, and the last. */
  #since = 0
  #lastChange = 0
  /** How many came and went while they gathered, and whether that was a good part of the last batch. */
  #met = 0
  #worthwhile = false
  #retry: Timer | null = null
  #pause: Timer | null = null
  /** Why something in the batch on its way is not in it; and in the one that gathers. */
  #spoiled: Error | null = null
  #refusal: Error | null = null
  /** Why the last batch failed. */
  #failure: Error | null = null
  #stopped = false

  constructor(stack: Stack, db: LevelDb, sync: boolean, maker: BatchMaker) {
    this.#stack = stack
    this.#db = db
    this.#sync = sync
    this.#maker = maker
  }

  /** Whether anything is not on disk yet. */
  get busy(): boolean {
    return this.#writing !== null || this.#gathering.size > 0
  }

  /** `isNew`: nothing of this key is left, on disk or on its way there. */
  put(key: string, put: Put, isNew = false): void {
    const before = this.#gathering.get(key)
    put.fresh = before === undefined ? isNew : (before?.fresh ?? false)
    this.#gathering.set(key, put)
    this.#changed()
  }

  /** What never reached the disk is just forgotten. */
  del(key: string): void {
    if (this.#gathering.get(key)?.fresh) {
      this.#gathering.delete(key)
      this.#changes++
      this.#met++
      return
    }
    this.#gathering.set(key, null)
    this.#changed()
  }

  /** What is on its way to disk: null when that is a removal, undefined when there is nothing. */
  peek(key: string): Put | null | undefined {
    const put = this.#gathering.get(key)
    return put === undefined ? this.#writing?.get(key) : put
  }

  /** Whether this value has not been encoded: it may still be changed. */
  isGathering(key: string, put: Put): boolean {
    return put.bytes === null && this.#gathering.get(key) === put
  }

  /** Calls back when all that was queued before is written, or could not be; at once when there is nothing. */
  commit(done: Next): void {
    if (this.#stopped) done(new Error('the store is closed'))
    else if (this.#gathering.size > 0 || this.#refusal !== null) {
      this.#waiting.push(done)
      if (!this.#scheduled) this.#schedule()
    } else if (this.#writing !== null) this.#served.push(done)
    else done()
  }

  /** Something was not taken since the disk fails: whoever waits for this batch is told so, even when that is over. */
  spoil(): void {
    this.#refusal = this.#failure
  }

  /** The same as a promise. */
  flushed(): Promise<void> {
    return new Promise((resolve, reject) => this.commit(err => (err ? reject(err) : resolve())))
  }

  stop(): void {
    this.#stopped = true
    const waiting = this.#waiting
    this.#waiting = []
    this.#retry?.cancel()
    this.#pause?.cancel()
    this.#tell(waiting, new Error('the store is closed'))
  }

  #changed(): void {
    this.#changes++
    if (this.#scheduled) return
    this.#since = this.#stack.clock.now()
    this.#schedule()
  }

  #schedule(): void {
    if (this.#stopped) return
    this.#scheduled = true
    // What is being written takes up the next batch when it is done.
    if (this.#writing === null) this.#stack.clock.defer(this.#endTurn)
  }

  readonly #endTurn = () => {
    const { clock } = this.#stack
    const now = clock.now()
    const quiet = this.#changes === this.#seen
    if (!quiet) {
      this.#seen = this.#changes
      this.#lastChange = now
    }
    const isLarge = this.#gathering.size >= large
    const limit = !isLarge ? longest.small : this.#worthwhile ? longest.worthwhile : longest.large
    const isDue = now - this.#since >= limit
    if (isDue || (isLarge ? now - this.#lastChange >= rest : quiet)) this.#flush()
    else if (isLarge) this.#pause = clock.after(1, this.#endTurn)
    else clock.defer(this.#endTurn)
  }

  #flush(): void {
    this.#scheduled = false
    if (this.#writing !== null || this.#stopped) return
    const refusal = this.#refusal
    this.#refusal = null
    const waiting = this.#waiting
    this.#waiting = []
    const operations = this.#gathering
    this.#worthwhile = this.#met * 4 >= operations.size
    this.#met = 0
    if (operations.size === 0) {
      this.#tell(waiting, refusal)
      return
    }
    this.#spoiled = refusal
    this.#gathering = new Map()
    const number = this.number++
    this.#served = waiting
    this.#writing = operations
    let written: Promise<void>
    try {
      written = this.#write(operations).write({ sync: this.#sync })
    } catch (thrown) {
      // A database that is closed throws at once.
      written = Promise.reject(thrown)
    }
    written.then(
      () => this.#succeeded(operations, number),
      err => this.#failed(operations, toError(err))
    )
  }

  #write(operations: Operations): LevelBatch {
    const batch = this.#db.batch()
    for (const [key, put] of operations) {
      if (put === null) batch.del(key)
      else if (put.bytes !== null || this.#encode(put)) batch.put(key, put.bytes!)
      else operations.delete(key)
    }
    this.#maker.complete((key, put) => {
      // It is tried again with the others.
      operations.set(key, put)
      if (put === null) batch.del(key)
      else batch.put(key, put.bytes!)
    })
    return batch
  }

  /** What no bytes can be made of must not keep everything else from being written; nobody is told that it was. */
  #encode(put: Put): boolean {
    try {
      put.bytes = this.#maker.encode(put)
      return true
    } catch (thrown) {
      this.#spoiled = toError(thrown)
      return false
    }
  }

  #succeeded(operations: Operations, number: number): void {
    this.#writing = null
    this.written = number
    this.failing = false
    let removals = 0
    for (const put of operations.values()) {
      if (put === null) removals++
      else put.bytes = null
    }
    this.#maker.written(removals)
    const served = this.#served
    this.#served = []
    const spoiled = this.#spoiled
    this.#spoiled = null
    if (spoiled !== null) this.#stack.emit('error', spoiled, null, null)
    this.#goOn()
    this.#tell(served, spoiled)
  }

  /** What came later counts; nobody knows what the disk has of the rest. */
  #failed(operations: Operations, err: Error): void {
    this.#writing = null
    const merged = operations
    for (const put of merged.values()) if (put !== null) put.fresh = false
    for (const [key, put] of this.#gathering) {
      if (put !== null && merged.has(key)) put.fresh = false
      merged.set(key, put)
    }
    this.#gathering = merged
    const served = this.#served
    this.#served = []
    this.#spoiled = null
    this.#failure = isFull(err) ? new MqttError('QuotaExceeded', 'the disk is full', { cause: err }) : err
    if (!this.failing) this.#stack.emit('error', err, null, null)
    this.failing = true
    this.#retry?.cancel()
    if (!this.#stopped) {
      this.#retry = this.#stack.clock.after(retryDelay, () => {
        if (!this.#scheduled) this.#schedule()
      })
    }
    this.#scheduled = false
    if (this.#waiting.length > 0) this.#schedule()
    this.#tell(served, this.#failure)
  }

  #goOn(): void {
    this.#retry?.cancel()
    if (this.#gathering.size > 0 || this.#waiting.length > 0) this.#schedule()
    else this.#scheduled = false
  }

  #tell(served: readonly Next[], err: Error | null): void {
    for (const done of served) {
      try {
        done(err)
      } catch (thrown) {
        this.#stack.emit('error', toError(thrown), null, null)
      }
    }
  }
}

/** LevelDB hands on what the system said, as text. */
function isFull(err: Error & { code?: string }): boolean {
  const cause = (err.cause ?? err) as Error & { code?: string }
  return err.code === 'ENOSPC' || cause.code === 'ENOSPC' || /no space left|disk quota/i.test(cause.message)
}

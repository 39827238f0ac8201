import type { Stack, StoredWill } from '../../lib/index.js'
import { StackError } from '../../lib/index.js'
import { Clearing } from './clearing.js'
import { Clients } from './clients.js'
import { Compaction } from './compaction.js'
import { seqKey } from './keys.js'
import type { LevelDb } from './level-db.js'
import { load, RetainedTopics } from './loading.js'
import { bytesLeftOut, levelAt, openDb } from './open-db.js'
import { Payloads } from './payloads.js'
import { put } from './put.js'
import { RecoveringDb } from './recovering-db.js'
import { encodeNumber } from './small-values.js'
import type { StoredClient } from './stored-client.js'
import { WriteQueue } from './write-queue.js'

/** `os`: survives the death of the process. `disk`: survives the loss of power, each commit is synced. */
export type Durability = 'os' | 'disk'

export interface LevelStoreConfig {
  /** The directory; it is made when there is none. One broker at a time. */
  data: string
  /** What `commit` promises. Default: `os`. */
  durability?: Durability
  /** Instead of `level` at the directory: for tests. */
  db?: LevelDb
}

/** Sequence numbers are reserved in blocks, so that none is used twice after a crash. */
const seqBlock = 1_048_576

/** One directory on disk, which any number of parts share. Open from the start of the first to the stop of the last. */
export class LevelStore {
  readonly data: string
  readonly durability: Durability
  readonly #given: LevelDb | null
  #users = 0
  #opening: Promise<void> | null = null
  #seq = 1
  #reserved = 1
  db!: LevelDb
  stack!: Stack
  queue!: WriteQueue
  clients!: Clients
  payloads!: Payloads
  clearing!: Clearing
  compaction!: Compaction
  retained!: RetainedTopics
  wills!: Map<string, StoredWill>
  /** Messages that wait, for all clients. */
  waiting = 0
  /** Bytes of payloads that wait for all clients; one that waits for several counts as often. */
  waitingBytes = 0

  constructor({ data, durability = 'os', db }: LevelStoreConfig) {
    this.data = data
    this.durability = durability
    this.#given = db ?? null
  }

  /** The last batch could not be written. */
  get failing(): boolean {
    return this.queue.failing
  }

  /** @throws StackError that says what to do when the directory cannot be used */
  open(stack: Stack): Promise<void> {
    this.#users++
    this.#opening ??= this.#open(stack).catch(err => {
      this.#opening = null
      this.#users = 0
      throw err
    })
    return this.#opening
  }

  /** By the last one: writes what is left and closes. */
  async close(): Promise<void> {
    if (this.#users === 0 || --this.#users > 0) return
    this.#opening = null
    await this.clearing.stop()
    try {
      await this.queue.flushed()
    } finally {
      this.queue.stop()
      await this.compaction.stop()
      await this.db.close()
    }
  }

  /** A number that is greater than every one before, also before a crash. */
  nextSeq(): number {
    // Long before: a batch that is being made takes numbers, too, and cannot reserve any.
    if (this.#seq > this.#reserved - seqBlock / 2) {
      this.#reserved += seqBlock
      this.queue.put(seqKey, put(encodeNumber(this.#reserved)))
    }
    return this.#seq++
  }

  /** The session and everything of it. */
  removeClient(clientId: string): void {
    const client = this.clients.get(clientId)
    if (!client) return
    this.waiting -= client.count
    this.waitingBytes -= client.bytes
    const leftOver = client.hasMessages
    this.clients.remove(client)
    if (leftOver) this.clear(client, 0)
  }

  /** Clears away the queue of a client up to a number, or with 0 all that is left of it. */
  clear(client: StoredClient, upTo: number): void {
    this.clearing.add(this.clients.note(client, upTo), () => client.readers > 0)
  }

  #tellDamage(): void {
    const bytes = this.#given ? 0 : bytesLeftOut(this.data)
    if (bytes === 0) return
    const text = `${this.data} was damaged: ${bytes} bytes of what was written last are lost`
    this.stack.emit('error', new StackError('STACK_STORAGE', text, [text]), null, null)
  }

  async #open(stack: Stack): Promise<void> {
    this.stack = stack
    const db = this.#given ?? new RecoveringDb(await levelAt(this.data), this.data, () => stack.clock.now())
    await openDb(db, this.data)
    this.db = db
    this.#tellDamage()
    this.payloads = new Payloads(stack, db, () => this.nextSeq())
    this.queue = new WriteQueue(stack, db, this.durability === 'disk', {
      encode: put => this.payloads.encode(put),
      complete: add => {
        this.payloads.complete(add)
        this.clients.complete(add)
      },
      written: removed => this.compaction.count(removed)
    })
    this.payloads.start(this.queue)
    this.compaction = new Compaction(stack, db, () => this.waiting)
    this.clients = new Clients(this.queue)
    this.clearing = new Clearing(stack, db, this.queue, this.payloads)
    this.retained = new RetainedTopics()
    this.wills = new Map()
    try {
      const { notes, seq } = await load(db, stack, this)
      this.#seq = this.#reserved = seq
      this.waiting = this.waitingBytes = 0
      for (const { count, bytes } of this.clients.values()) {
        this.waiting += count
        this.waitingBytes += bytes
      }
      for (const note of notes) this.clearing.add(note, () => false)
    } catch (err) {
      await db.close()
      const text = `${this.data} is damaged (${(err as Error).message}): restore it from a backup, or move it away`
      throw new StackError('STACK_STORAGE', text, [text], err)
    }
  }
}

import { toError } from '../../lib/errors.js'
import type { Stack, Timer } from '../../lib/index.js'
import { afterAll, clientDigits, parseCode, seqCode, seqDigits } from './keys.js'
import type { LevelDb } from './level-db.js'
import type { Payloads } from './payloads.js'
import { asBuffer, decodeRecord } from './record-codec.js'
import type { WriteQueue } from './write-queue.js'

/** Entries removed at a time. */
const pageSize = 500

/** How long to wait after an error, in ms. */
const retryDelay = 1000

interface Task {
  /** The note that makes it survive a restart. */
  readonly note: string
  /** What was looked up before it was removed is still read. */
  isRead(): boolean
}

/** Clears away what removed sessions and emptied queues have left, page by page, behind everything else. */
export class Clearing {
  readonly #stack: Stack
  readonly #db: LevelDb
  readonly #queue: WriteQueue
  readonly #payloads: Payloads
  readonly #tasks: Task[] = []
  #working: Promise<void> | null = null
  #stopped = false
  #wake: (() => void) | null = null
  #timer: Timer | null = null

  constructor(stack: Stack, db: LevelDb, queue: WriteQueue, payloads: Payloads) {
    this.#stack = stack
    this.#db = db
    this.#queue = queue
    this.#payloads = payloads
  }

  /** Settles when nothing is left to be cleared away, or it was stopped. */
  get idle(): Promise<void> {
    return this.#working ?? Promise.resolve()
  }

  add(note: string, isRead: () => boolean): void {
    this.#tasks.push({ note, isRead })
    this.#working ??= this.#work()
  }

  /** What is left is done after the next start. */
  stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    this.#wake?.()
    return this.idle
  }

  async #work(): Promise<void> {
    for (let task = this.#tasks[0]; task && !this.#stopped; task = this.#tasks[0]) {
      try {
        await this.#clear(task)
        this.#tasks.shift()
      } catch (thrown) {
        this.#stack.emit('error', toError(thrown), null, null)
        await this.#pause()
      }
    }
    this.#working = null
  }

  async #clear({ note, isRead }: Task): Promise<void> {
    const code = note.slice(1, 1 + clientDigits)
    const seq = note.slice(1 + clientDigits)
    while (isRead() && !this.#stopped) await this.#turn()
    const ranges =
      parseCode(seq, 0, seqDigits) > 0
        ? [{ gte: `q${code}`, lt: `q${code}${seq}` }]
        : ['q', 'i', 'j', 'n'].map(kind => ({ gte: `${kind}${code}`, lt: `${kind}${code}${afterAll}` }))
    for (const { gte, lt } of ranges) {
      let from = gte
      for (;;) {
        // What was stored before has to be there to be found.
        await this.#queue.flushed()
        if (this.#stopped) return
        const cursor = this.#db.iterator({ gte: from, lt, limit: pageSize, highWaterMarkBytes: 1_048_576 })
        const entries = await cursor.nextv(pageSize).finally(() => cursor.close())
        for (const [key, value] of entries) {
          if (key[0] === 'q' || key[0] === 'i') {
            const { reference } = decodeRecord(asBuffer(value))
            this.#payloads.release({ payload: null, reference })
          }
          this.#queue.del(key)
        }
        if (entries.length === 0) break
        from = entries.at(-1)![0]
        from += seqCode(0)
      }
    }
    if (!this.#stopped) this.#queue.del(note)
  }

  #turn(): Promise<void> {
    return new Promise(resolve => this.#stack.clock.defer(resolve))
  }

  #pause(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
      this.#timer = this.#stack.clock.after(retryDelay, resolve)
    })
  }
}

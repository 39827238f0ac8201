import { seqCode } from './keys.js'
import { type Put, put } from './put.js'
import { encodeNumber, encodeUsage, nothing } from './small-values.js'
import { StoredClient } from './stored-client.js'
import type { WriteQueue } from './write-queue.js'

/** The clients that something is stored for, with a number each that no other client ever had. */
export class Clients {
  readonly #byId = new Map<string, StoredClient>()
  readonly #byCode = new Map<string, StoredClient>()
  readonly #queue: WriteQueue
  /** Those whose queue has changed since the last batch. */
  readonly #changed = new Set<StoredClient>()
  #next = 1

  constructor(queue: WriteQueue) {
    this.#queue = queue
  }

  get(clientId: string): StoredClient | undefined {
    return this.#byId.get(clientId)
  }

  /** By the number as keys have it: while loading. */
  withCode(code: string): StoredClient | undefined {
    return this.#byCode.get(code)
  }

  values(): IterableIterator<StoredClient> {
    return this.#byId.values()
  }

  /** The client of an id, made when there is none. */
  of(clientId: string): StoredClient {
    const known = this.#byId.get(clientId)
    if (known) return known
    const client = new StoredClient(clientId, this.#next++)
    this.#byId.set(clientId, client)
    this.#queue.put(`c${clientId}`, put(encodeNumber(client.number)))
    return client
  }

  /** One as it was found at start. */
  found(clientId: string, number: number): void {
    const client = new StoredClient(clientId, number)
    client.complete = false
    this.#byId.set(clientId, client)
    this.#byCode.set(client.code, client)
    this.taken(number)
  }

  /** No client gets this number any more. */
  taken(number: number): void {
    this.#next = Math.max(this.#next, number + 1)
  }

  loaded(): void {
    this.#byCode.clear()
  }

  touch(client: StoredClient): void {
    this.#changed.add(client)
  }

  /** Forgets a client. Its messages are to be cleared away. */
  remove(client: StoredClient): void {
    const { code } = client
    this.#byId.delete(client.id)
    this.#changed.delete(client)
    this.#queue.del(`c${client.id}`)
    if (client.session) this.#queue.del(`e${code}`)
    for (const topic of client.subscriptions.keys()) this.#queue.del(`s${code}${topic}`)
    if (client.counted) this.#queue.del(`z${code}`)
  }

  /** Leaves a note of what is to be cleared away. */
  note({ code }: StoredClient, upTo: number): string {
    const note = `x${code}${seqCode(upTo)}`
    this.#queue.put(note, put(nothing), true)
    return note
  }

  /** How much waits for whom. */
  complete(add: (key: string, put: Put | null) => void): void {
    for (const client of this.#changed) {
      if (client.count > 0) {
        add(`z${client.code}`, put(encodeUsage(client)))
        client.counted = true
      } else if (client.counted) {
        add(`z${client.code}`, null)
        client.counted = false
      }
    }
    this.#changed.clear()
  }
}

import type { Client } from '../client.js'
import type { MaybePromise } from '../flow.js'

/** Who is connecting with which client id: one at a time, the others wait in line. */
export class Claims {
  readonly #owners = new Map<string, Client>()
  readonly #waiting = new Map<string, Array<{ client: Client; go: () => void }>>()

  /** Settles when the client is the only one that connects with this id. */
  take(client: Client, clientId: string): MaybePromise<void> {
    if (!this.#owners.has(clientId)) {
      this.#owners.set(clientId, client)
      return
    }
    return new Promise(go => {
      const line = this.#waiting.get(clientId)
      if (line) line.push({ client, go })
      else this.#waiting.set(clientId, [{ client, go }])
    })
  }

  isOwner(client: Client): boolean {
    return this.#owners.get(client.id) === client
  }

  /** The CONNECT is answered, or its connection is gone. */
  release(client: Client): void {
    const { id } = client
    if (this.#owners.get(id) !== client) return
    const line = this.#waiting.get(id)
    const next = line?.shift()
    if (line?.length === 0) this.#waiting.delete(id)
    if (next === undefined) {
      this.#owners.delete(id)
      return
    }
    this.#owners.set(id, next.client)
    next.go()
    // One that left while it waited gives its place to the one behind it.
    if (!next.client.isOpen) this.release(next.client)
  }
}

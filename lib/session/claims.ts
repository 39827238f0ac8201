import type { Client } from '../client.js'
import type { MaybePromise } from '../flow.js'

/** Those who want one client id: who has it, and who comes after. */
interface Line {
  owner: Client
  readonly waiting: Array<{ readonly client: Client; readonly go: () => void }>
}

/** Who is connecting with which client id: one at a time, the others wait in line. */
export class Claims {
  readonly #lines = new Map<string, Line>()
  readonly #claimed = new Map<Client, string>()

  /** Settles when the client is the only one that connects with this id, and when it left the line. */
  take(client: Client, clientId: string): MaybePromise<void> {
    if (this.#claimed.get(client) === clientId && this.#lines.get(clientId)?.owner === client) return
    this.release(client)
    this.#claimed.set(client, clientId)
    const line = this.#lines.get(clientId)
    if (line) return new Promise(go => line.waiting.push({ client, go }))
    this.#lines.set(clientId, { owner: client, waiting: [] })
  }

  /** The CONNECT is answered, or its connection is gone: the next one goes on. */
  release(client: Client): void {
    const clientId = this.#claimed.get(client)
    if (clientId === undefined) return
    this.#claimed.delete(client)
    const line = this.#lines.get(clientId)!
    if (line.owner !== client) {
      const [left] = line.waiting.splice(
        line.waiting.findIndex(one => one.client === client),
        1
      )
      left!.go()
      return
    }
    const next = line.waiting.shift()
    if (next === undefined) {
      this.#lines.delete(clientId)
      return
    }
    line.owner = next.client
    next.go()
  }
}

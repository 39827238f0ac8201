import { setTimeout as wait } from 'node:timers/promises'
import { SessionClient, type World } from './session-client.js'

/** Clients that make a session right before a kill, and look whether it is there after it. */
export class Newcomers {
  readonly #world: World
  #clients: SessionClient[] = []
  #made = 0

  constructor(world: World) {
    this.#world = world
  }

  add(port: number): void {
    for (const version of [4, 5] as const) {
      const client = new SessionClient(this.#world, `newcomer-${this.#made++}`, { version })
      this.#clients.push(client)
      client.open(port)
    }
  }

  /** Those that read their CONNACK; the client itself complains when the session is not there. */
  async comeBack(port: number): Promise<void> {
    const clients = this.#clients.filter(({ established }) => established)
    this.#clients = []
    for (const client of clients) client.open(port)
    while (clients.some(client => !client.idle && !client.connected)) await wait(2)
    await Promise.all(clients.map(client => client.close(true)))
  }

  async died(): Promise<void> {
    await Promise.all(this.#clients.map(client => client.died()))
  }
}

import type { Client } from './client.js'
import type { Clock } from './clock.js'
import { MqttError, toError } from './errors.js'
import type { Member } from './plan.js'

/** The connections of a stack, from install() to the last byte, and who of the middlewares has to know. */
export class Connections {
  readonly all = new Set<Client>()
  /** Those that are over and still have bytes to send, with the time when they are given up. */
  readonly #closing = new Map<Client, number>()
  readonly #clock: Clock
  readonly #report: (err: Error, client: Client) => void

  constructor(clock: Clock, report: (err: Error, client: Client) => void) {
    this.#clock = clock
    this.#report = report
  }

  /** False when a middleware failed: the connection is ended, nobody can say what it might do without it. */
  install(client: Client, members: readonly Member[]): boolean {
    let well = true
    for (const { middleware } of members) {
      try {
        middleware.install?.(client)
      } catch (thrown) {
        well = false
        this.#report(toError(thrown), client)
      }
    }
    if (!well) client.drop(new MqttError('UnspecifiedError', 'internal error', { fatal: true }))
    return well
  }

  /** In reverse order; what one throws keeps nobody else from being told. */
  uninstall(client: Client, members: readonly Member[]): void {
    for (let i = members.length - 1; i >= 0; i--) {
      try {
        members[i]!.middleware.uninstall?.(client)
      } catch (thrown) {
        this.#report(toError(thrown), client)
      }
    }
  }

  closing(client: Client, linger: number): void {
    this.#closing.set(client, this.#clock.now() + linger)
  }

  closed(client: Client): void {
    this.#closing.delete(client)
    this.all.delete(client)
  }

  /** Gives up those whose peers do not read their last bytes. */
  sweep(): void {
    const now = this.#clock.now()
    for (const [client, deadline] of this.#closing) if (now >= deadline) client.destroy()
  }

  /** Resolves when all are closed and the others have settled, or after `timeout` ms. */
  drain(others: ReadonlyArray<Promise<unknown> | null>, timeout: number): Promise<void> {
    const closed = [...this.all].map(client => new Promise(resolve => client.once('close', resolve)))
    const finished = Promise.allSettled([...others, ...closed])
    return new Promise(resolve => {
      const timer = this.#clock.after(timeout, resolve)
      finished.then(() => {
        timer.cancel()
        resolve()
      })
    })
  }

  destroyAll(): void {
    for (const client of [...this.all]) {
      client.destroy()
      this.closed(client)
    }
  }
}

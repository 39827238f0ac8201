import type { Client } from '../client.js'
import type { Session } from './session.js'

interface Jam {
  since: number
  /** Time is up: nobody waits for it any more, until it drains. */
  stuck: boolean
  /** The publishers that are kept from reading on. */
  readonly held: Set<Client>
}

/**
 * Receivers that do not keep up. Their publishers are held for a bounded time; a receiver that stays stuck holds
 * nobody again until it drains (DESIGN 4).
 */
export class Congestion {
  readonly #jams = new Map<Session, Jam>()

  /** A receiver does not keep up. */
  begin(session: Session, now: number): void {
    if (!this.#jams.has(session)) this.#jams.set(session, { since: now, stuck: false, held: new Set() })
  }

  isStuck(session: Session): boolean {
    return this.#jams.get(session)?.stuck ?? false
  }

  /** Slows a publisher of this receiver down. */
  hold(session: Session, publisher: Client): void {
    const jam = this.#jams.get(session)
    if (!jam || jam.stuck || jam.held.has(publisher) || !publisher.isOpen) return
    jam.held.add(publisher)
    publisher.hold()
  }

  /** It keeps up again, or is gone. */
  end(session: Session): void {
    const jam = this.#jams.get(session)
    if (!jam) return
    this.#jams.delete(session)
    release(jam)
  }

  /** Lets go of the publishers of receivers that were given enough time, in ms. */
  giveUp(now: number, timeout: number): void {
    for (const jam of this.#jams.values()) {
      // A jam may last, and publishers come and go.
      for (const publisher of jam.held) if (!publisher.isOpen) jam.held.delete(publisher)
      if (jam.stuck || now - jam.since < timeout) continue
      jam.stuck = true
      release(jam)
    }
  }
}

function release({ held }: Jam): void {
  const publishers = [...held]
  held.clear()
  for (const publisher of publishers) publisher.release()
}

import type { Ctx, DropReason } from '../callbacks.js'
import type { Chain } from '../chain.js'
import type { Client } from '../client.js'
import type { PublishPacket } from '../packets.js'
import type { Stack } from '../stack.js'

/** Counts and tells what is lost on purpose: on its way to a session, or before. */
export class Drops {
  readonly #stack: Stack
  readonly #dropped: Chain<Ctx<'messageDropped'>, void>

  constructor(stack: Stack) {
    this.#stack = stack
    this.#dropped = stack.chain('messageDropped')
  }

  tell(client: Client | null, clientId: string | null, packet: PublishPacket, reason: DropReason): void {
    this.#stack.counters.messagesDropped++
    if (this.#dropped.size > 0) this.#dropped.tell({ client, clientId, packet, reason })
  }
}

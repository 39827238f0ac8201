/** Handlers of middlewares written as classes: `implements Handles<…>` checks them. */
import {
  type Client,
  type Ctx,
  DONE,
  type Handler,
  type Handles,
  Middleware,
  type Next,
  type Outcome,
  type PacketOf,
  type PublishPacket,
  type Store
} from 'stackmq'

// All the ways a handler may settle.
export const handlers: Array<Handler<'relayMessage'>> = [
  () => {},
  () => DONE,
  async () => {},
  async () => DONE,
  ({ packet }, store) => {
    store.matched += packet.topic.length
  },
  (_ctx, _store, next) => next(),
  (_ctx, _store, _next, done) => done(new Error('no')),
  async (_ctx, store) => (store.matched > 0 ? DONE : undefined)
]

// @ts-expect-error a boolean settles nothing
export const wrong: Handler<'relayMessage'> = () => true
// @ts-expect-error neither does a promise of one
export const wrongLater: Handler<'relayMessage'> = async () => true
// @ts-expect-error next takes an error, not a value
export const wrongNext: Handler<'relayMessage'> = (_ctx, _store, next) => next('no')

export class Router extends Middleware implements Handles<'relayMessage' | 'forwardMessage'> {
  relayMessage({ packet }: Ctx<'relayMessage'>, store: Store<'relayMessage'>, next: Next): void {
    store.matched = packet.qos
    next()
  }
  async forwardMessage({ session }: Ctx<'forwardMessage'>): Promise<void> {
    if (session.id === '') throw new Error('no')
  }
}

// @ts-expect-error relayMessage is misspelt
export class Misspelt extends Middleware implements Handles<'relayMessage'> {
  relayMesage(): void {}
}

// @ts-expect-error no callback has this name
export class Unknown extends Middleware implements Handles<'relayMesage'> {}

export class BadReturn extends Middleware implements Handles<'relayMessage'> {
  // @ts-expect-error write() gives a boolean, which settles nothing
  relayMessage({ client }: Ctx<'relayMessage'>): boolean {
    return client?.write({ cmd: 'pingresp' }) ?? false
  }
}

// handle() sees the packets that are listed.
export class Inbound extends Middleware<{ limit: number }, 'publish' | 'pubrel'> {
  override readonly packets = ['publish', 'pubrel'] as const
  override readonly requires = ['relayMessage'] as const
  override handle(_client: Client, packet: PacketOf<'publish' | 'pubrel'>): Outcome {
    if (packet.cmd === 'publish') return this.#publish(packet)
    // @ts-expect-error a PUBREL has no topic
    packet.topic
    if (packet.messageId > this.config.limit) return DONE
  }
  #publish(packet: PublishPacket): Outcome {
    // @ts-expect-error there is no such option
    this.config.limits
    return packet.retain ? DONE : undefined
  }
}

export class WrongPackets extends Middleware<object, 'publish'> {
  // @ts-expect-error it says that it handles publish only
  override readonly packets = ['subscribe'] as const
}

export class WrongNames extends Middleware {
  // @ts-expect-error misspelt
  override readonly requires = ['relayMesage'] as const
  // @ts-expect-error misspelt
  override readonly executes = ['relayMesage'] as const
  // @ts-expect-error misspelt
  override readonly exclusive = ['relayMesage'] as const
  // @ts-expect-error no packet has this name
  override readonly finishes = ['publsh'] as const
}

import type { Broker, Client, Cmd, Ctx, Hooks, Packet, PacketOf } from '../../../../lib/index.js'

type Change = (broker: Broker) => unknown

/** Hooks that stand before everybody who acts on packets; made anew for each broker. */
export function hooks(make: (broker: Broker) => Hooks): Change {
  return broker => broker.use({ name: 'Mutant', ...make(broker) })
}

/** Changes packets of a kind on their way out; null: they are lost. */
export function sending<C extends Cmd>(
  cmd: C,
  change: (packet: PacketOf<C>, client: Client) => Packet | null
): Change {
  return hooks(() => ({
    outgoing: (client, packet) => (packet.cmd === cmd ? change(packet as PacketOf<C>, client) : packet)
  }))
}

/** Changes packets of a kind in place before anybody acts on them. */
export function receiving<C extends Cmd>(
  cmd: C,
  change: (packet: PacketOf<C>, client: Client) => unknown
): Change {
  return hooks(() => ({
    packets: [cmd],
    handle(client: Client, packet: never) {
      change(packet, client)
    }
  }))
}

/** Changes each copy of a message before it is sent or kept; false: it is lost. */
export function forwarding(change: (ctx: Ctx<'forwardMessage'>) => unknown): Change {
  return hooks(() => ({
    forwardMessage(ctx, _store, next, done) {
      if (change(ctx) === false) done()
      else next()
    }
  }))
}

/** What is sent, with some fields changed. */
export function withProperties<P extends Packet>(packet: P, properties: object): P {
  const own = (packet as { properties?: object }).properties
  return { ...packet, properties: { ...own, ...properties } }
}

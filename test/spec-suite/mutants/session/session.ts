import { type Ctx, NEVER, type PublishPacket, type Store } from '../../../../lib/index.js'
import { MemoryRetained } from '../../../../middlewares/index.js'
import { forwarding, hooks, receiving, sending } from '../kit/change.js'
import { both, type Mutant } from '../kit/mutant.js'

/** Forgets what a client left retained, together with its session. */
class Attached extends MemoryRetained {
  readonly owners = new Map<string, string[]>()

  relayMessage({ client, packet }: Ctx<'relayMessage'>): void {
    if (!client || !packet.retain) return
    this.owners.set(client.id, [...(this.owners.get(client.id) ?? []), packet.topic])
  }

  sessionEnded({ session }: Ctx<'sessionEnded'>): void {
    for (const topic of this.owners.get(session.id) ?? []) {
      const empty = { topic, payload: Buffer.alloc(0) } as PublishPacket
      this.storeRetainedMessage({ packet: empty }, { replaced: null } as Store<'storeRetainedMessage'>)
    }
  }
}

/** Sessions: how they begin, what they keep, how they end. */
export const sessionMutants: readonly Mutant[] = [
  {
    name: 'clean-start-ignored',
    does: 'resumes the session in spite of Clean Start 1',
    breaks: { '3.1.1': ['3.1.2-6', '3.1.4-3'], '5.0': ['3.1.2-4', '3.1.4-4', '3.2.2-2'] },
    change: receiving('connect', packet => {
      packet.clean = false
    })
  },
  {
    name: 'clean-start-keeps-subscriptions',
    does: 'says that a session is new and keeps its subscriptions',
    breaks: { '3.1.1': ['3.1.2-6', '3.1.4-3'], '5.0': ['3.1.2-4', '3.1.4-4'] },
    change: hooks(() => {
      const clean = new WeakSet<object>()
      return {
        connect(client, packet) {
          if (packet.clean) clean.add(client)
          packet.clean = false
        },
        outgoing: (client, packet) =>
          packet.cmd === 'connack' && clean.has(client) ? { ...packet, sessionPresent: false } : packet
      }
    })
  },
  {
    name: 'session-never-resumed',
    does: 'begins a new session at every connection',
    breaks: { '3.1.1': ['3.1.2-4', '3.2.2-2', '4.1.0-1'], '5.0': ['3.1.2-5', '3.1.2-23', '3.2.2-3'] },
    change: receiving('connect', packet => {
      packet.clean = true
    })
  },
  {
    name: 'subscriptions-not-resumed',
    does: 'resumes a session without its subscriptions',
    breaks: { '3.1.1': ['3.1.2-4', '4.1.0-1'], '5.0': ['3.1.2-5', '3.1.2-23'] },
    change: hooks(({ stack }) => ({
      clientDisconnected({ client }) {
        for (const topic of client.session?.subscriptions.keys() ?? []) {
          void stack.execute(
            'unsubscribeTopic',
            { client, session: client.session!, topic },
            { existed: false }
          )
        }
      }
    }))
  },
  {
    name: 'session-expiry-0',
    does: 'drops sessions at once, whatever their expiry interval',
    breaks: { '5.0': ['3.1.2-23', '3.1.2-5'] },
    change: receiving('connect', ({ properties }) => {
      delete properties?.sessionExpiryInterval
    })
  },
  {
    name: 'session-for-ever',
    does: 'never drops a session that has an expiry interval',
    breaks: { '5.0': ['4.1.0-2'] },
    change: receiving('connect', ({ properties }) => {
      if (properties?.sessionExpiryInterval) properties.sessionExpiryInterval = NEVER
    })
  },
  {
    name: 'session-expiry-default-for-ever',
    does: 'keeps sessions for which nobody asked',
    breaks: { '5.0': ['4.1.0-2'] },
    change: receiving('connect', packet => {
      if (packet.protocolVersion === 5)
        packet.properties = { sessionExpiryInterval: 60, ...packet.properties }
    })
  },
  {
    name: 'disconnect-expiry-ignored',
    does: 'ignores the session expiry interval of DISCONNECT',
    breaks: { '5.0': ['4.1.0-2', '3.1.2-23'] },
    change: receiving('disconnect', ({ properties }) => {
      delete properties?.sessionExpiryInterval
    })
  },
  {
    name: 'session-ends-on-line',
    does: 'drops subscriptions of connections that last for more than one and a half seconds',
    breaks: { '3.1.1': ['4.1.0-2'], '5.0': ['4.1.0-1'] },
    change: hooks(({ stack }) => ({
      clientConnected({ client: { session } }) {
        const drop = () => {
          for (const topic of session!.subscriptions.keys()) {
            void stack.execute(
              'unsubscribeTopic',
              { client: null, session: session!, topic },
              { existed: false }
            )
          }
        }
        setTimeout(drop, 1500).unref()
      }
    }))
  },
  {
    name: 'no-messages-for-the-absent',
    does: 'loses messages for sessions whose client is away',
    breaks: { '3.1.1': ['4.5.0-1', '3.1.2-5', '4.1.0-1'], '5.0': ['4.5.0-1', '3.1.2-23'] },
    change: forwarding(({ session }) => session.client !== null)
  },
  {
    name: 'one-subscriber-only',
    does: 'gives each message to the first of its subscribers only',
    breaks: both('4.5.0-1'),
    change: broker => {
      let last: PublishPacket | null = null
      return forwarding(({ packet }) => {
        const first = packet !== last
        last = packet
        return first
      })(broker)
    }
  },
  {
    name: 'retained-belong-to-session',
    does: 'removes retained messages when the session of their publisher ends',
    breaks: { '3.1.1': ['3.1.2-7'] },
    change: broker => broker.stack.replace('MemoryRetained', new Attached())
  },
  {
    name: 'taken-over-and-open',
    does: 'keeps both connections when a client id is taken over',
    breaks: { '3.1.1': ['3.1.4-2'], '5.0': ['3.1.4-3'] },
    change: hooks(({ stack }) => ({
      connect(client) {
        stack.clients.delete(client.id)
      }
    }))
  },
  {
    name: 'newcomer-closed',
    does: 'refuses the newer connection of a client id instead of closing the older one',
    breaks: { '3.1.1': ['3.1.4-2'], '5.0': ['3.1.4-3'] },
    change: hooks(({ stack }) => ({
      connect(client) {
        if (stack.clients.has(client.id)) client.destroy()
      }
    }))
  },
  {
    name: 'taken-over-in-silence',
    does: 'closes a connection that is taken over without DISCONNECT 0x8E',
    breaks: { '5.0': ['3.1.4-3'] },
    change: sending('disconnect', packet => (packet.reasonCode === 0x8e ? null : packet))
  },
  {
    name: 'taken-over-other-code',
    does: 'says another code than 0x8E when a connection is taken over',
    breaks: { '5.0': ['3.1.4-3'] },
    change: sending('disconnect', packet =>
      packet.reasonCode === 0x8e ? { ...packet, reasonCode: 0x8d } : packet
    )
  },
  {
    name: 'keep-alive-off',
    does: 'never closes a silent connection',
    breaks: { '3.1.1': ['3.1.2-24'], '5.0': ['3.1.2-22'] },
    change: receiving('connect', packet => {
      packet.keepalive = 0
    })
  },
  {
    name: 'keep-alive-too-early',
    does: 'closes connections after half of their keep alive',
    breaks: { '3.1.1': ['3.1.2-24'], '5.0': ['3.1.2-22', '3.2.2-22'] },
    change: receiving('connect', packet => {
      packet.keepalive /= 3
    })
  },
  {
    name: 'keep-alive-counts-pings-only',
    does: 'closes connections that send packets but no PINGREQ',
    breaks: { '3.1.1': ['3.1.2-24'], '5.0': ['3.1.2-22'] },
    change: hooks(({ stack }) => ({
      clientConnected({ client }) {
        if (client.keepalive === 0) return
        const timer = setTimeout(() => client.close('KeepAliveTimeout'), client.keepalive * 1500)
        timer.unref()
        pings.set(client, timer)
      },
      pingreq(client) {
        pings.get(client)?.refresh()
      },
      stop() {
        for (const client of stack.connections) clearTimeout(pings.get(client))
      }
    }))
  }
]

const pings = new WeakMap<object, NodeJS.Timeout>()

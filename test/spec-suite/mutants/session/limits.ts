import { type Cmd, DONE, type Hooks } from '../../../../lib/index.js'
import { hooks, receiving, withProperties } from '../kit/change.js'
import type { Base, Mutant } from '../kit/mutant.js'

/** Says more than the client has room for. */
function tooLarge(name: string, base: Base, cmds: readonly Cmd[], ids: readonly string[]): Mutant {
  const more = { reasonString: 'b'.repeat(90), userProperties: [['why', 'x'.repeat(90)]] }
  return {
    ...{ name, base, does: `makes packets too large for the client with reasons: ${cmds.join(', ')}` },
    breaks: { '5.0': ids },
    change: hooks(() => ({
      connect(client) {
        client.maximumPacketSize = 0xffff_ffff
      },
      outgoing: (_client, packet) => (cmds.includes(packet.cmd) ? withProperties(packet, more) : packet)
    }))
  }
}

/** What a client says in CONNECT that it takes. */
export const limitMutants: readonly Mutant[] = [
  {
    name: 'maximum-packet-size-ignored',
    does: 'sends packets that are larger than the client takes',
    breaks: { '5.0': ['3.1.2-24'] },
    change: receiving('connect', (_, client) => {
      client.maximumPacketSize = 0xffff_ffff
    })
  },
  {
    name: 'too-large-closes',
    does: 'closes the connection of a client for which a message is too large',
    breaks: { '5.0': ['3.1.2-25'] },
    change: hooks(() => ({
      messageDropped({ client, reason }) {
        if (reason === 'packet-too-large') client?.close()
      }
    }))
  },
  {
    name: 'too-large-blocks',
    does: 'delivers nothing behind a message that is too large for its client',
    breaks: { '5.0': ['3.1.2-25'] },
    change: hooks(() => {
      const blocked = new WeakSet<object>()
      const forwardMessage: Hooks['forwardMessage'] = ({ session }) => {
        if (session.client && blocked.has(session.client)) return DONE
      }
      return {
        forwardMessage,
        messageDropped({ client, reason }) {
          if (reason === 'packet-too-large' && client) blocked.add(client)
        }
      }
    })
  },
  {
    name: 'aliases-unasked',
    does: 'uses topic aliases towards clients that take none',
    breaks: { '5.0': ['3.1.2-27', '3.3.2-11'] },
    change: receiving('connect', (_, client) => {
      if (client.version === 5) client.topicAliasMaximum ||= 10
    })
  },
  {
    name: 'aliases-too-high',
    does: 'uses more topic aliases than a client takes',
    breaks: { '5.0': ['3.1.2-26', '3.3.2-11'] },
    change: receiving('connect', (_, client) => {
      client.topicAliasMaximum *= 10
    })
  },
  {
    name: 'reasons-unasked',
    does: 'says why in acknowledgements of clients that asked for no problem information',
    breaks: { '5.0': ['3.1.2-29'] },
    change: hooks(() => ({
      connect(client) {
        client.problemInformation = true
      },
      outgoing: (_client, packet) =>
        packet.cmd === 'suback' || packet.cmd === 'puback' || packet.cmd === 'unsuback'
          ? withProperties(packet, { reasonString: 'because' })
          : packet
    }))
  },
  tooLarge(
    'reasons-too-large',
    'plain',
    ['suback', 'unsuback', 'puback', 'pubrec', 'pubcomp', 'pubrel', 'disconnect'],
    [
      ...['3.9.2-1', '3.9.2-2', '3.11.2-1', '3.11.2-2', '3.4.2-2', '3.4.2-3', '3.5.2-2', '3.5.2-3'],
      ...['3.6.2-2', '3.6.2-3', '3.7.2-2', '3.7.2-3', '3.14.2-3', '3.14.2-4']
    ]
  ),
  tooLarge(
    'refusals-too-large',
    'guarded',
    ['suback', 'puback', 'pubrec'],
    ['3.9.2-1', '3.9.2-2', '3.4.2-2', '3.5.2-2']
  ),
  tooLarge('auth-too-large', 'guarded', ['auth'], ['3.15.2-2', '3.15.2-3']),
  {
    name: 'refusals-with-reasons-unasked',
    does: 'says why it refuses a message to clients that asked for no problem information',
    breaks: { '5.0': ['3.1.2-29'] },
    base: 'guarded',
    change: hooks(() => ({
      connect(client) {
        client.problemInformation = true
      },
      outgoing: (_client, packet) =>
        'reasonCode' in packet && packet.reasonCode >= 0x80
          ? withProperties(packet, { reasonString: 'no' })
          : packet
    }))
  },
  {
    name: 'connack-too-large',
    does: 'sends a reason string in CONNACK that makes it too large for the client',
    breaks: { '5.0': ['3.2.2-19', '3.2.2-20', '3.1.2-24'] },
    change: hooks(() => ({
      connect(client) {
        client.maximumPacketSize = 0xffff_ffff
      },
      outgoing: (_client, packet) =>
        packet.cmd === 'connack' ? withProperties(packet, { reasonString: 'b'.repeat(200) }) : packet
    }))
  }
]

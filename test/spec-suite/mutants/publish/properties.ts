import type { Client, PublishProperties } from '../../../../lib/index.js'
import { forwarding, hooks, receiving, sending } from '../kit/change.js'
import { publishParts, typeOf } from '../kit/frame.js'
import type { Mutant } from '../kit/mutant.js'
import type { Rewrite } from '../kit/rewrite.js'

/** Changes the properties of what is sent. */
const changing = (change: (properties: PublishProperties) => PublishProperties) =>
  sending('publish', packet => ({ ...packet, properties: change(packet.properties ?? {}) }))

const without = (name: keyof PublishProperties) =>
  changing(({ [name]: _, ...others }) => others as PublishProperties)

/** Mends the properties of a PUBLISH before the broker sees them: each byte, with the one behind it. */
const mending =
  (mend: (properties: Buffer, at: number) => void): Rewrite =>
  line => ({
    toBroker(frame) {
      if (typeOf(frame) !== 3 || line.level !== 5) return frame
      const copy = Buffer.from(frame)
      const { propertiesAt, propertiesEnd } = publishParts(copy, 5)
      const properties = copy.subarray(propertiesAt, propertiesEnd)
      for (let at = 0; at < properties.length; at++) mend(properties, at)
      return copy
    }
  })

/** The properties of PUBLISH in MQTT 5.0: 3.3.2.3. */
export const propertyMutants: readonly Mutant[] = [
  {
    name: 'payload-format-dropped',
    does: 'drops the Payload Format Indicator',
    breaks: { '5.0': ['3.3.2-4'] },
    change: without('payloadFormatIndicator')
  },
  {
    name: 'content-type-dropped',
    does: 'drops the Content Type',
    breaks: { '5.0': ['3.3.2-20'] },
    change: without('contentType')
  },
  {
    name: 'response-topic-dropped',
    does: 'drops the Response Topic',
    breaks: { '5.0': ['3.3.2-15'] },
    change: without('responseTopic')
  },
  {
    name: 'correlation-data-as-text',
    does: 'takes Correlation Data for text',
    breaks: { '5.0': ['3.3.2-16'] },
    change: changing(({ correlationData: data, ...others }) =>
      data ? { ...others, correlationData: Buffer.from(data.toString()) } : others
    )
  },
  {
    name: 'user-property-dropped',
    does: 'keeps one user property of each name',
    breaks: { '5.0': ['3.3.2-17'] },
    change: changing(({ userProperties: pairs, ...others }) =>
      pairs ? { ...others, userProperties: Object.entries(Object.fromEntries(pairs)) } : others
    )
  },
  {
    name: 'user-properties-reversed',
    does: 'turns the user properties round',
    breaks: { '5.0': ['3.3.2-18'] },
    change: changing(({ userProperties: pairs, ...others }) =>
      pairs ? { ...others, userProperties: [...pairs].reverse() } : others
    )
  },
  {
    name: 'user-properties-sorted',
    does: 'sorts the user properties by their names',
    breaks: { '5.0': ['3.3.2-18'] },
    change: changing(({ userProperties: pairs, ...others }) =>
      pairs
        ? { ...others, userProperties: [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) }
        : others
    )
  },
  {
    name: 'message-never-expires',
    does: 'delivers messages that have expired',
    breaks: { '5.0': ['3.3.2-5'] },
    change: hooks(() => ({
      relayMessage({ packet }) {
        packet.expiresAt = 0
      }
    }))
  },
  {
    name: 'message-expiry-dropped',
    does: 'does not tell receivers when a message expires',
    breaks: { '5.0': ['3.3.2-6'] },
    change: without('messageExpiryInterval')
  },
  {
    name: 'message-expiry-not-counted-down',
    does: 'tells receivers the expiry interval that was published',
    breaks: { '5.0': ['3.3.2-6'] },
    change: hooks(() => {
      const published = new Map<string, number>()
      return {
        relayMessage({ packet }) {
          const { messageExpiryInterval: seconds } = packet.properties ?? {}
          if (seconds !== undefined) published.set(packet.topic, seconds)
        },
        outgoing: (_client, packet) => {
          const seconds = packet.cmd === 'publish' ? published.get(packet.topic) : undefined
          if (packet.cmd !== 'publish' || seconds === undefined) return packet
          return { ...packet, properties: { ...packet.properties, messageExpiryInterval: seconds } }
        }
      }
    })
  },
  {
    name: 'retained-never-expires',
    does: 'delivers retained messages that have expired',
    breaks: { '5.0': ['3.3.2-5'] },
    change: hooks(() => ({
      relayMessage({ packet }) {
        if (packet.retain) packet.expiresAt = 0
      }
    }))
  },
  {
    name: 'aliases-outlive-connections',
    does: 'keeps the topic aliases of a client for its next connection',
    breaks: { '5.0': ['3.3.2-7'] },
    change: hooks(() => {
      const known = new Map<string, Client['aliases']>()
      return {
        clientConnected({ client }) {
          const earlier = known.get(client.id)
          if (earlier) client.aliases = earlier
          else known.set(client.id, client.aliases)
        }
      }
    })
  },
  {
    name: 'alias-0-taken',
    does: 'takes topic alias 0',
    breaks: { '5.0': ['3.3.2-8'] },
    rewrite: mending((properties, at) => {
      if (properties[at] === 0x23 && properties.readUInt16BE(at + 1) === 0) properties[at + 2] = 1
    })
  },
  {
    name: 'alias-above-maximum-taken',
    does: 'takes topic aliases above the maximum that it announced',
    breaks: { '5.0': ['3.2.2-17', '3.3.2-9'] },
    options: { topicAliasMaximum: 65_535 },
    change: sending('connack', packet => ({
      ...packet,
      properties: { ...packet.properties, topicAliasMaximum: 10 }
    }))
  },
  {
    name: 'aliases-fewer-than-announced',
    does: 'takes fewer topic aliases than it announced',
    breaks: { '5.0': ['3.3.2-12'] },
    change: sending('connack', packet => ({
      ...packet,
      properties: { ...packet.properties, topicAliasMaximum: 65 }
    }))
  },
  {
    name: 'aliases-not-replaced',
    does: 'keeps the first topic of an alias',
    breaks: { '5.0': ['3.3.2-12'] },
    change: hooks(() => {
      const first = new Map<string, string>()
      return {
        publish(client, packet) {
          const { topicAlias } = packet.properties ?? {}
          if (topicAlias === undefined) return
          const key = `${client.id} ${topicAlias}`
          const topic = first.get(key)
          if (topic === undefined) first.set(key, packet.topic)
          else packet.topic = topic
        }
      }
    })
  },
  {
    name: 'response-topic-with-wildcards',
    does: 'takes a Response Topic with wildcards',
    breaks: { '5.0': ['3.3.2-14'] },
    rewrite: mending((properties, at) => {
      if (at > 0 && (properties[at] === 0x2b || (properties[at] === 0x23 && properties[at - 1]! > 0x1f)))
        properties[at] = 0x5f
    })
  },
  {
    name: 'subscription-identifier-from-clients',
    does: 'takes messages with a subscription identifier from clients',
    breaks: { '5.0': ['3.3.4-6'] },
    rewrite: mending((properties, at) => {
      if (at === 0 && properties[0] === 0x0b) properties.set([1, 1])
    })
  },
  {
    name: 'subscription-identifier-missing',
    does: 'sends no subscription identifiers',
    breaks: { '5.0': ['3.3.4-3', '3.3.4-4'] },
    change: without('subscriptionIdentifier')
  },
  {
    name: 'subscription-identifier-one-only',
    does: 'sends one subscription identifier where several match',
    breaks: { '5.0': ['3.3.4-4'] },
    change: forwarding(ctx => {
      const { identifiers } = ctx.subscription
      if (identifiers) ctx.subscription = { ...ctx.subscription, identifiers: identifiers.slice(0, 1) }
    })
  },
  {
    name: 'subscription-identifier-on-first-copy',
    does: 'sends a copy for each subscription, and an identifier with the first one only',
    breaks: { '5.0': ['3.3.4-5'] },
    change: hooks(({ stack }) => {
      let again = false
      return {
        forwardMessage(ctx) {
          const { identifiers, qos } = ctx.subscription
          if (again || !identifiers || identifiers.length < 2) return
          ctx.subscription = { qos, identifiers: identifiers.slice(0, 1) }
          again = true
          for (let i = 1; i < identifiers.length; i++) {
            void stack.execute('forwardMessage', { ...ctx, subscription: { qos, identifiers: null } })
          }
          again = false
        }
      }
    })
  },
  {
    name: 'subscription-identifier-of-others',
    does: 'sends the identifiers of all subscriptions of the client',
    breaks: { '5.0': ['3.3.4-4', '3.3.4-3'] },
    change: forwarding(ctx => {
      const all = [...ctx.session.subscriptions.values()].flatMap(({ identifier }) => identifier ?? [])
      if (all.length > 0) ctx.subscription = { ...ctx.subscription, identifiers: all }
    })
  },
  {
    name: 'subscription-identifier-kept',
    does: 'keeps the identifier of a subscription that is made again without one',
    breaks: { '5.0': ['3.8.4-3'] },
    change: hooks(() => {
      const known = new Map<string, number>()
      return {
        subscribe(client, packet) {
          const own = packet.properties?.subscriptionIdentifier
          const key = `${client.id} ${packet.subscriptions[0]!.topic}`
          if (own !== undefined) known.set(key, known.get(key) ?? own)
          const first = known.get(key)
          if (first !== undefined) packet.properties = { ...packet.properties, subscriptionIdentifier: first }
        }
      }
    })
  },
  {
    name: 'no-local-ignored',
    does: 'sends messages back to their publisher in spite of No Local',
    breaks: { '5.0': ['3.8.3-3'] },
    change: receiving('subscribe', ({ subscriptions }) => {
      for (const one of subscriptions) one.nl = false
    })
  },
  {
    name: 'no-local-always',
    does: 'never sends a message back to its publisher',
    breaks: { '3.1.1': ['4.5.0-1'], '5.0': ['3.8.3-3', '4.5.0-1'] },
    change: receiving('subscribe', ({ subscriptions }) => {
      for (const one of subscriptions) if (!one.topic.startsWith('$share/')) one.nl = true
    })
  }
]

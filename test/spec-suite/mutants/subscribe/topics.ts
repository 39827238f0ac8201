import {
  type Ctx,
  DONE,
  type PublishPacket,
  type Session,
  type Subscription,
  topicMatches
} from '../../../../lib/index.js'
import { forwarding, hooks, receiving } from '../kit/change.js'
import { both, type Mutant } from '../kit/mutant.js'

/** Delivers also what only this way of matching finds. */
const alsoMatching = (matches: (filter: string, topic: string) => boolean) =>
  hooks(({ stack }) => ({
    relayMessage({ packet }) {
      const { topic } = packet
      for (const session of stack.sessions.values()) {
        const found = subscriptionOf(
          session,
          filter => matches(filter, topic) && !topicMatches(filter, topic)
        )
        if (!found) continue
        const subscription = { qos: found.qos, identifiers: null }
        const ctx = { session, packet, subscription, retain: false, publisher: null, group: null }
        void stack.execute('forwardMessage', ctx)
      }
    }
  }))

/** Does not deliver what this way of matching finds. */
const notMatching = (matches: (filter: string, topic: string) => boolean) =>
  forwarding(({ session, packet }) => !subscriptionOf(session, filter => matches(filter, packet.topic)))

function subscriptionOf(session: Session, matches: (filter: string) => boolean): Subscription | undefined {
  return [...session.subscriptions.values()].find(({ topic }) => matches(topic))
}

/** Takes a filter for another one. */
const takingFor = (change: (filter: string) => string) =>
  receiving('subscribe', ({ subscriptions }) => {
    for (const one of subscriptions) one.topic = change(one.topic)
  })

/** A pattern that is not MQTT's: what `+` and `#` stand for. */
const pattern = (plus: string, hash: string) => (filter: string, topic: string) => {
  if (!/[+#]/.test(filter) || filter.startsWith('$') || topic.startsWith('$')) return false
  const text = filter.replace(/[.*?^${}()|[\]\\]/g, '\\$&').replaceAll('+', plus)
  return new RegExp(`^${text.replace('#', hash)}$`).test(topic)
}

/** Topics and filters: 4.7. */
export const topicMutants: readonly Mutant[] = [
  {
    name: 'wildcards-match-dollar',
    does: 'lets filters that begin with a wildcard match topics that begin with $',
    breaks: both('4.7.2-1'),
    change: alsoMatching(
      (filter, topic) => /^[+#]/.test(filter) && topic.startsWith('$') && rest(filter, topic)
    )
  },
  {
    name: 'hash-without-parent',
    does: 'does not match the parent with a filter that ends in #',
    breaks: { '3.1.1': ['4.7.1-2'], '5.0': ['4.7.1-1'] },
    change: notMatching((filter, topic) => filter === `${topic}/#`)
  },
  {
    name: 'hash-one-level',
    does: 'matches one level with #',
    breaks: { '3.1.1': ['4.7.1-2'], '5.0': ['4.7.1-1'] },
    change: notMatching(
      (filter, topic) =>
        filter.endsWith('/#') && topicMatches(filter.replace('#', '+/#'), topic) && deep(filter, topic)
    )
  },
  {
    name: 'plus-several-levels',
    does: 'matches several levels with +',
    breaks: { '3.1.1': ['4.7.1-3'], '5.0': ['4.7.1-2'] },
    change: alsoMatching(pattern('.+', '.*'))
  },
  {
    name: 'plus-no-empty-level',
    does: 'does not match an empty level with +',
    breaks: { '3.1.1': ['4.7.1-3'], '5.0': ['4.7.1-2'] },
    change: notMatching(
      (filter, topic) =>
        topicMatches(filter, topic) && !pattern('[^/]+', '.*')(filter, topic) && /\+/.test(filter)
    )
  },
  {
    name: 'hash-anywhere',
    does: 'takes # for an ordinary character where it is no wildcard',
    breaks: { '3.1.1': ['4.7.1-2'], '5.0': ['4.7.1-1'] },
    change: takingFor(filter => filter.replace(/(?<!^|\/)#|#(?=.)/g, '_'))
  },
  {
    name: 'plus-anywhere',
    does: 'takes + for an ordinary character where it is no wildcard',
    breaks: { '3.1.1': ['4.7.1-3'], '5.0': ['4.7.1-2'] },
    change: takingFor(filter => filter.replace(/(?<!^|\/)\+|\+(?=[^/])/g, '_'))
  },
  {
    name: 'case-ignored',
    does: 'does not distinguish upper and lower case in topics',
    breaks: both('4.7.3-4'),
    change: alsoMatching((filter, topic) => topicMatches(filter.toLowerCase(), topic.toLowerCase()))
  },
  {
    name: 'topics-normalized',
    does: 'normalizes topics before it compares them',
    breaks: both('4.7.3-4'),
    change: alsoMatching((filter, topic) => topicMatches(filter.normalize(), topic.normalize()))
  },
  {
    name: 'slashes-ignored',
    does: 'ignores a slash at the end of topics',
    breaks: both('4.7.3-4'),
    change: alsoMatching((filter, topic) => topicMatches(filter, topic.replace(/\/$/, '')))
  },
  {
    name: 'spaces-trimmed',
    does: 'ignores spaces at the ends of topics',
    breaks: both('4.7.3-4'),
    change: alsoMatching((filter, topic) => topicMatches(filter.trim(), topic.trim()))
  }
]

function rest(filter: string, topic: string): boolean {
  return topicMatches(filter, topic.replace('$', '_')) || topicMatches(`_/${filter}`, `_/${topic}`)
}

function deep(filter: string, topic: string): boolean {
  return topic.split('/').length > filter.split('/').length
}

/** Filters of shared subscriptions without what is shared, or as they are. */
const plain = (filter: string) => filter.replace(/^\$share\/[^/]+\//, '')

/** A message of a group that one of its members refused or left. */
type Forwarded = Pick<Ctx<'forwardMessage'>, 'group' | 'packet'>

/** Shared subscriptions: 4.8. */
export const sharedMutants: readonly Mutant[] = [
  {
    name: 'shared-to-everybody',
    does: 'sends a message to all members of a shared subscription',
    breaks: { '5.0': ['4.8.2-1', '4.8.2-3', '4.8.2-6'] },
    change: takingFor(plain)
  },
  {
    name: 'shared-to-two',
    does: 'sends a message to two members of a shared subscription',
    breaks: { '5.0': ['4.8.2-1', '4.8.2-3', '4.8.2-6'] },
    change: hooks(({ stack }) => ({
      forwardMessage({ group, packet }) {
        if (!group || twice.has(packet)) return
        twice.add(packet)
        void stack.execute('forwardToGroup', { group, packet }, { matched: 0 })
      }
    }))
  },
  {
    name: 'shared-to-nobody',
    does: 'delivers nothing to shared subscriptions',
    breaks: { '5.0': ['4.8.2-1', '4.8.2-3'] },
    change: forwarding(({ group }) => group === null)
  },
  {
    name: 'share-name-empty',
    does: 'takes shared subscriptions without a name',
    breaks: { '5.0': ['4.8.2-1'] },
    change: takingFor(filter => filter.replace(/^\$share\/\//, '$share/_/').replace(/^\$share\/?$/, 'share'))
  },
  {
    name: 'share-name-with-wildcards',
    does: 'takes names of shared subscriptions that have wildcards',
    breaks: { '5.0': ['4.8.2-2'] },
    change: takingFor(filter => filter.replace(/^\$share\/([^/]*)/, name => name.replace(/[+#]/g, '_')))
  },
  {
    name: 'share-without-filter',
    does: 'takes shared subscriptions without a filter',
    breaks: { '5.0': ['4.8.2-2'] },
    change: takingFor(filter => filter.replace(/^(\$share\/[^/]+)\/?$/, '$1/_'))
  },
  {
    name: 'shared-offered-again',
    does: 'offers a message that a member refused to another one',
    breaks: { '5.0': ['4.8.2-6'] },
    change: hooks(({ stack }) => {
      const sent = new WeakMap<PublishPacket, Forwarded>()
      let last: Forwarded | null = null
      return {
        forwardMessage(ctx) {
          if (!ctx.group) return
          last = { group: ctx.group, packet: ctx.packet }
          sent.set(ctx.packet, last)
        },
        messageDropped({ packet, reason }) {
          const known = sent.get(packet) ?? last
          if (reason !== 'refused' || !known?.group) return
          void stack.execute('forwardToGroup', { group: known.group, packet }, { matched: 0 })
        }
      }
    })
  },
  {
    name: 'shared-qos-2-to-another',
    does: 'sends a QoS 2 message again to another member when its receiver goes away',
    breaks: { '5.0': ['4.8.2-4', '4.8.2-5'] },
    change: hooks(({ stack }) => {
      const held = new Map<Session, Forwarded[]>()
      return {
        forwardMessage({ session, group, packet }) {
          if (group && packet.qos === 2) held.set(session, [...(held.get(session) ?? []), { group, packet }])
        },
        clientDisconnected({ client: { session } }) {
          for (const { group, packet } of held.get(session!) ?? []) {
            void stack.execute('forwardToGroup', { group: group!, packet }, { matched: 0 })
          }
          held.delete(session!)
        }
      }
    })
  },
  {
    name: 'shared-qos-2-never-completed',
    does: 'forgets a QoS 2 message of a shared subscription when its receiver goes away',
    breaks: { '5.0': ['4.8.2-4'] },
    change: hooks(() => {
      const shared = new Set<string>()
      const again = new WeakSet<object>()
      return {
        forwardMessage({ group, packet }) {
          if (group) shared.add(packet.topic)
        },
        clientConnected({ client, sessionPresent }) {
          if (sessionPresent) again.add(client)
        },
        outgoing: (client, packet) => {
          if (!again.has(client)) return packet
          if (packet.cmd === 'pubrel') return null
          return packet.cmd === 'publish' && shared.has(packet.topic) ? null : packet
        }
      }
    })
  },
  {
    name: 'shared-replaces-ordinary',
    does: 'takes a shared subscription and an ordinary one for the same',
    breaks: { '5.0': ['4.8.2-1', '3.8.4-3'] },
    change: hooks(() => ({
      subscribeTopic({ session, subscription: { topic } }) {
        const other = plain(topic)
        if (other !== topic && session.subscriptions.has(other)) return DONE
      }
    }))
  }
]

const twice = new WeakSet<object>()

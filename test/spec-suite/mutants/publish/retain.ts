import { type Ctx, Publish, type PublishPacket, type Store, topicMatches } from '../../../../lib/index.js'
import { MemoryRetained, Router } from '../../../../middlewares/index.js'
import { forwarding, hooks, receiving } from '../kit/change.js'
import type { Mutant } from '../kit/mutant.js'

type StoreContext = Ctx<'storeRetainedMessage'>
type StoreResult = Store<'storeRetainedMessage'>

class Forgetting extends MemoryRetained {
  override storeRetainedMessage(): void {}
}

class FirstStays extends MemoryRetained {
  readonly #known = new Set<string>()

  override storeRetainedMessage(ctx: StoreContext, store: StoreResult): void {
    const { topic, payload } = ctx.packet
    if (payload.length === 0) this.#known.delete(topic)
    else if (this.#known.has(topic)) return
    else this.#known.add(topic)
    super.storeRetainedMessage(ctx, store)
  }
}

class NeverEmpty extends MemoryRetained {
  override storeRetainedMessage(ctx: StoreContext, store: StoreResult): void {
    if (ctx.packet.payload.length > 0) super.storeRetainedMessage(ctx, store)
  }
}

class KeepsEmpty extends MemoryRetained {
  readonly #empty = new Map<string, PublishPacket>()

  override storeRetainedMessage(ctx: StoreContext, store: StoreResult): void {
    super.storeRetainedMessage(ctx, store)
    const { packet } = ctx
    if (packet.payload.length === 0) this.#empty.set(packet.topic, packet)
    else this.#empty.delete(packet.topic)
  }

  override lookupRetainedMessages(
    ctx: Ctx<'lookupRetainedMessages'>,
    store: Store<'lookupRetainedMessages'>
  ): void {
    super.lookupRetainedMessages(ctx, store)
    for (const [topic, packet] of this.#empty) if (topicMatches(ctx.filter, topic)) store.items.push(packet)
  }
}

/** Only the first message that matches is found. */
class OneAtMost extends MemoryRetained {
  override lookupRetainedMessages(
    ctx: Ctx<'lookupRetainedMessages'>,
    store: Store<'lookupRetainedMessages'>
  ): void {
    super.lookupRetainedMessages(ctx, store)
    store.items.splice(1)
    delete store.cursor
  }
}

class Silent extends Router {
  override relayMessage(ctx: Ctx<'relayMessage'>, store: Store<'relayMessage'>): void {
    if (!ctx.packet.retain || ctx.packet.payload.length > 0) super.relayMessage(ctx, store)
  }
}

/** Retained messages: 3.3.1.3. */
export const retainMutants: readonly Mutant[] = [
  {
    name: 'retained-not-stored',
    does: 'stores no retained messages',
    breaks: { '3.1.1': ['3.3.1-5', '3.3.1-6'], '5.0': ['3.3.1-5', '3.3.1-9'] },
    change: broker => broker.stack.replace('MemoryRetained', new Forgetting())
  },
  {
    name: 'retained-not-replaced',
    does: 'keeps the first retained message of a topic',
    breaks: { '3.1.1': ['3.3.1-5', '3.3.1-6', '3.3.1-7'], '5.0': ['3.3.1-5'] },
    change: broker => broker.stack.replace('MemoryRetained', new FirstStays())
  },
  {
    name: 'retained-at-qos-0',
    does: 'stores retained messages with QoS 0',
    breaks: { '3.1.1': ['3.3.1-5'], '5.0': ['3.3.1-5'] },
    change: forwarding(ctx => {
      if (!ctx.retain || ctx.publisher || !(ctx.packet instanceof Publish)) return
      ctx.packet = ctx.packet.clone()
      ctx.packet.qos = 0
    })
  },
  {
    name: 'retained-not-removed',
    does: 'does not remove a retained message when an empty one comes',
    breaks: { '3.1.1': ['3.3.1-10'], '5.0': ['3.3.1-6'] },
    change: broker => broker.stack.replace('MemoryRetained', new NeverEmpty())
  },
  {
    name: 'empty-message-retained',
    does: 'stores an empty message as the retained one',
    breaks: { '3.1.1': ['3.3.1-10', '3.3.1-11'], '5.0': ['3.3.1-6', '3.3.1-7'] },
    change: broker => broker.stack.replace('MemoryRetained', new KeepsEmpty())
  },
  {
    name: 'empty-message-not-delivered',
    does: 'does not deliver empty messages with RETAIN 1',
    breaks: { '3.1.1': ['3.3.1-10'], '5.0': ['3.3.1-6'] },
    change: broker => broker.stack.replace('Router', new Silent())
  },
  {
    name: 'retain-0-stored',
    does: 'stores messages with RETAIN 0 as the retained ones',
    breaks: { '3.1.1': ['3.3.1-12'], '5.0': ['3.3.1-8'] },
    change: hooks(({ stack }) => ({
      relayMessage({ packet }) {
        if (packet.retain) return
        const kept = Publish.from({ ...plain(packet), retain: true })
        void stack.execute('storeRetainedMessage', { packet: kept }, { replaced: null })
      }
    }))
  },
  {
    name: 'retain-0-removes',
    does: 'removes the retained message when one with RETAIN 0 comes',
    breaks: { '3.1.1': ['3.3.1-12'], '5.0': ['3.3.1-8'] },
    change: hooks(({ stack }) => ({
      relayMessage({ packet: { topic, retain } }) {
        if (retain) return
        const empty = Publish.from({ topic, retain: true })
        void stack.execute('storeRetainedMessage', { packet: empty }, { replaced: null })
      }
    }))
  },
  {
    name: 'one-retained-message-only',
    does: 'sends one retained message to a subscription that matches several',
    breaks: { '3.1.1': ['3.3.1-6'], '5.0': ['3.3.1-9'] },
    change: broker => broker.stack.replace('MemoryRetained', new OneAtMost())
  },
  {
    name: 'retain-handling-0-as-1',
    does: 'sends no retained messages when a client subscribes again',
    breaks: { '3.1.1': ['3.8.4-3'], '5.0': ['3.3.1-9', '3.8.4-4'] },
    change: subscribingWith(one => {
      if (one.rh === 0) one.rh = 1
    })
  },
  {
    name: 'retain-handling-0-as-2',
    does: 'sends no retained messages to new subscriptions',
    breaks: { '3.1.1': ['3.3.1-6', '3.3.1-8'], '5.0': ['3.3.1-9'] },
    change: subscribingWith(one => {
      if (one.rh === 0) one.rh = 2
    })
  },
  {
    name: 'retain-handling-1-as-0',
    does: 'sends retained messages with Retain Handling 1 also to subscriptions that existed',
    breaks: { '5.0': ['3.3.1-10'] },
    change: subscribingWith(one => {
      if (one.rh === 1) one.rh = 0
    })
  },
  {
    name: 'retain-handling-1-as-2',
    does: 'sends no retained messages with Retain Handling 1',
    breaks: { '5.0': ['3.3.1-10'] },
    change: subscribingWith(one => {
      if (one.rh === 1) one.rh = 2
    })
  },
  {
    name: 'retain-handling-2-as-0',
    does: 'sends retained messages with Retain Handling 2',
    breaks: { '5.0': ['3.3.1-11'] },
    change: subscribingWith(one => {
      if (one.rh === 2) one.rh = 0
    })
  },
  {
    name: 'retain-as-published-ignored',
    does: 'takes RETAIN from messages for subscriptions with Retain As Published',
    breaks: { '5.0': ['3.3.1-13'] },
    change: subscribingWith(one => {
      one.rap = false
    })
  },
  {
    name: 'retain-as-published-always',
    does: 'leaves RETAIN in messages for all subscriptions',
    breaks: { '3.1.1': ['3.3.1-9'], '5.0': ['3.3.1-12'] },
    change: subscribingWith(one => {
      one.rap = true
    })
  },
  {
    name: 'retain-as-published-sets',
    does: 'sets RETAIN in all messages for subscriptions with Retain As Published',
    breaks: { '5.0': ['3.3.1-13'] },
    change: forwarding(ctx => {
      const options = [...ctx.session.subscriptions.values()]
      if (options.some(({ rap }) => rap)) ctx.retain = true
    })
  },
  {
    name: 'retained-with-retain-0',
    does: 'sends retained messages to new subscriptions with RETAIN 0',
    breaks: { '3.1.1': ['3.3.1-8'], '5.0': ['3.3.1-9', '3.3.1-5'] },
    change: forwarding(ctx => {
      if (!ctx.publisher) ctx.retain = false
    })
  }
]

function subscribingWith(change: (one: { rh: 0 | 1 | 2; rap: boolean }) => void) {
  return receiving('subscribe', ({ subscriptions }) => subscriptions.forEach(change))
}

function plain({ topic, payload, qos, properties }: PublishPacket) {
  return { topic, payload: Buffer.from(payload), qos, ...(properties && { properties }) }
}

import { each } from '../lib/each.js'
import { toError } from '../lib/errors.js'
import type {
  Chain,
  Client,
  ConnectPacket,
  Ctx,
  Handles,
  MaybePromise,
  Outcome,
  Packet,
  Store,
  Subscription
} from '../lib/index.js'
import {
  after,
  Middleware,
  MqttError,
  Publish,
  type PublishPacket,
  type SubscribePacket
} from '../lib/index.js'

/**
 * Asks who may do what: authorizePacket for every packet that comes here (AUTH and PINGREQ end in Authentication and
 * KeepAlive), authorizePublish for messages and wills, authorizeSubscription for each filter, also of a session that
 * comes back. They refuse by `store.valid = false` or by throwing, and may lower `store.qos`. Nobody handling them
 * allows everything.
 * Handles: sessionResumed. Executes: authorizePacket, authorizePublish, authorizeSubscription, unsubscribeTopic,
 * topicUnsubscribed, subscribeTopic, storeSubscription, removeSubscription. Stands after Authentication, before all
 * that act on what is allowed.
 */
export class Authorize extends Middleware implements Handles<'sessionResumed'> {
  override readonly executes = [
    'authorizePacket',
    'authorizePublish',
    'authorizeSubscription',
    'unsubscribeTopic',
    'topicUnsubscribed',
    'subscribeTopic',
    'storeSubscription',
    'removeSubscription'
  ] as const
  override readonly after = ['Authentication'] as const
  override readonly before = [
    ...(['LastWill', 'SessionManager', 'SubscriptionManager'] as const),
    ...(['InboundManager', 'OutboundManager'] as const)
  ]
  #packet!: Chain<Ctx<'authorizePacket'>, Store<'authorizePacket'>>
  #publish!: Chain<Ctx<'authorizePublish'>, Store<'authorizePublish'>>
  #subscription!: Chain<Ctx<'authorizeSubscription'>, Store<'authorizeSubscription'>>

  override start(): void {
    this.#packet = this.stack.chain('authorizePacket')
    this.#publish = this.stack.chain('authorizePublish')
    this.#subscription = this.stack.chain('authorizeSubscription')
  }

  override handle(client: Client, packet: Packet): Outcome {
    if (this.#packet.size === 0) return this.#judge(client, packet)
    const store = { valid: true }
    return after(this.#packet.run({ client, packet }, store), () => {
      if (!store.valid) throw refused(packet.cmd)
      return this.#judge(client, packet)
    })
  }

  /** A session brings its subscriptions back; the decision is made anew, without anybody subscribing. */
  sessionResumed({ client, session }: Ctx<'sessionResumed'>): MaybePromise<void> {
    if (this.#subscription.size === 0) return
    return each([...session.subscriptions.values()], subscription =>
      after(this.#ask(client, subscription, true), ({ valid, qos }) => {
        if (!valid) return this.#withdraw(client, subscription)
        if (qos < subscription.qos) return this.#lower(client, { ...subscription, qos })
      })
    )
  }

  #judge(client: Client, packet: Packet): MaybePromise<void> {
    switch (packet.cmd) {
      case 'publish':
        return this.#publish.size === 0 ? undefined : this.#mayPublish(client, packet, false)
      case 'subscribe':
        return this.#subscription.size === 0 ? undefined : this.#maySubscribe(client, packet)
      case 'connect':
        return packet.will && this.#publish.size > 0 ? this.#mayLeaveWill(client, packet) : undefined
    }
  }

  #mayPublish(client: Client, packet: PublishPacket, will: boolean): MaybePromise<void> {
    const store = { valid: true, qos: packet.qos }
    return after(this.#publish.run({ client, packet, will }, store), () => {
      if (!store.valid) throw refused(`publish to '${packet.topic}'`)
      if (store.qos < packet.qos) packet.qos = store.qos
    })
  }

  #mayLeaveWill(client: Client, { will }: ConnectPacket): MaybePromise<void> {
    const { topic, payload, qos, retain, properties } = will!
    const packet = Publish.from({ topic, payload, qos, retain, properties })
    return after(this.#mayPublish(client, packet, true), () => {
      will!.qos = packet.qos
    })
  }

  #maySubscribe(client: Client, packet: SubscribePacket): MaybePromise<void> {
    return each(packet.subscriptions, subscription =>
      after(this.#ask(client, subscription, false), ({ valid, qos, reason }) => {
        if (!valid) subscription.refused = reason
        else if (qos < subscription.qos) subscription.qos = qos
      })
    )
  }

  /** A refusal by throwing concerns one filter, unless it is fatal. */
  #ask(client: Client, subscription: Subscription, restored: boolean) {
    const store = { valid: true, qos: subscription.qos, reason: 0x87 }
    const caught = (thrown: unknown) => {
      const err = toError(thrown)
      if (!(err instanceof MqttError) || err.fatal) throw err
      store.valid = false
      store.reason = err.reason
      return store
    }
    try {
      const asked = this.#subscription.run({ client, subscription, restored }, store)
      return asked === undefined ? store : (asked as Promise<void>).then(() => store, caught)
    } catch (err) {
      return caught(err)
    }
  }

  #withdraw(client: Client, { topic }: Subscription): MaybePromise<void> {
    const session = client.session!
    session.subscriptions.delete(topic)
    this.stack.chain('removeSubscription').tell({ clientId: session.id, topic }, { existed: false })
    return after(this.stack.execute('unsubscribeTopic', { client, session, topic }, { existed: false }), () =>
      this.stack.chain('topicUnsubscribed').tell({ client, session, topic })
    )
  }

  #lower(client: Client, subscription: Subscription): MaybePromise<void> {
    const session = client.session!
    session.subscriptions.set(subscription.topic, subscription)
    this.stack.chain('storeSubscription').tell({ clientId: session.id, subscription })
    const routed = { grant: subscription.qos, existed: true }
    return after(
      this.stack.execute('subscribeTopic', { client, session, subscription, restored: true }, routed),
      () => {}
    )
  }
}

function refused(what: string): MqttError {
  return new MqttError('NotAuthorized', `not authorized: ${what}`)
}

import type { ForwardContext, Handles, Outcome, PublishPacket, QoS, Subscription } from '../lib/index.js'
import { DONE, isThenable, Middleware, parseFilter, Session, StackError } from '../lib/index.js'

/** A function of this process that gets messages. */
export type MessageHandler = (packet: PublishPacket) => unknown

/** A receiver that is a function instead of a connection. */
class LocalSession extends Session {
  readonly receive: MessageHandler

  constructor(id: string, receive: MessageHandler) {
    super(id)
    this.receive = receive
    this.ready = true
  }
}

/**
 * Subscriptions of the process itself: what `broker.subscribe()` uses.
 * Handles: forwardMessage. Executes: subscribeTopic, unsubscribeTopic. Stands before OutboundManager.
 */
export class LocalSubscriptions extends Middleware implements Handles<'forwardMessage'> {
  override readonly requires = ['subscribeTopic', 'unsubscribeTopic'] as const
  override readonly before = ['OutboundManager'] as const
  #count = 0

  /**
   * Calls the handler with each message that matches. The packet is a view of what came in: copy what is kept.
   * Returns what ends it.
   * @throws StackError for a filter that is none
   */
  async add(filter: string, handler: MessageHandler, qos: QoS = 2): Promise<() => Promise<void>> {
    if (!parseFilter(filter)) {
      throw new StackError(
        'STACK_INVALID_OPTIONS',
        `'${filter}' is no topic filter: # ends it, + is a whole level`
      )
    }
    const session = new LocalSession(`$local/${++this.#count}`, handler)
    const subscription: Subscription = { topic: filter, qos, nl: false, rap: true, rh: 2 }
    session.subscriptions.set(filter, subscription)
    const { stack } = this
    await stack.execute(
      'subscribeTopic',
      { client: null, session, subscription, restored: false },
      { grant: qos, existed: false }
    )
    return async () => {
      if (session.ended) return
      session.ended = true
      await stack.execute('unsubscribeTopic', { client: null, session, topic: filter }, { existed: false })
    }
  }

  forwardMessage({ session, packet }: ForwardContext): Outcome {
    if (!(session instanceof LocalSession)) return
    if (session.ended) return DONE
    const { stack } = this
    try {
      const handled = session.receive(packet)
      if (isThenable(handled)) handled.then(undefined, err => stack.emit('error', err, null, packet))
    } catch (err) {
      stack.emit('error', err as Error, null, packet)
    }
    return DONE
  }
}

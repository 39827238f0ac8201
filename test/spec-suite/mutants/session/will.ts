import { type Broker, type Ctx, type Hooks, MqttError, type Will } from '../../../../lib/index.js'
import { LastWill } from '../../../../middlewares/index.js'
import { hooks, receiving } from '../kit/change.js'
import { both, type Mutant } from '../kit/mutant.js'

/** Forgets the will when a connection ends for some reason. */
class Forgetting extends LastWill {
  readonly #forgets: (err: Error | null) => boolean

  constructor(forgets: (err: Error | null) => boolean) {
    super()
    this.#forgets = forgets
  }

  override uncleanDisconnect(ctx: Ctx<'uncleanDisconnect'>): void {
    if (this.#forgets(ctx.err)) this.cleanDisconnect(ctx)
    else super.uncleanDisconnect(ctx)
  }
}

const forgottenWhen = (reason: (err: Error | null) => boolean) => (broker: Broker) =>
  broker.stack.replace('LastWill', new Forgetting(reason))

const isReason = (err: Error | null, name: string) => err instanceof MqttError && err.reasonName === name

class NeverCalledBack extends LastWill {
  override sessionResumed(): void {}
}

class Keeping extends LastWill {
  override sessionEnded(): void {}
}

/** Remembers the wills of clients, and publishes one whenever told to. */
function publishing(when: 'cleanDisconnect' | 'uncleanDisconnect') {
  return hooks(broker => {
    const wills = new Map<string, Will>()
    const publish = ({ client }: { client: { id: string } }) => {
      const will = wills.get(client.id)
      if (!will) return
      const { topic, payload, qos, retain } = will
      void broker.publish(topic, payload, { qos, retain })
    }
    const connect: Hooks['connect'] = (client, { will }) => {
      if (will) wills.set(client.id, will)
    }
    return { connect, [when]: publish }
  })
}

const wills = { '3.1.1': ['3.1.2-8'], '5.0': ['3.1.2-7', '3.1.2-8'] }

export const willMutants: readonly Mutant[] = [
  {
    name: 'no-will-after-cut',
    does: 'publishes no will when the network breaks',
    breaks: wills,
    change: forgottenWhen(err => err === null)
  },
  {
    name: 'no-will-after-take-over',
    does: 'publishes no will when another connection takes the client id',
    breaks: wills,
    change: forgottenWhen(err => isReason(err, 'SessionTakenOver'))
  },
  {
    name: 'no-will-after-protocol-error',
    does: 'publishes no will when it closes the connection for an error',
    breaks: wills,
    change: forgottenWhen(err => isReason(err, 'ProtocolError') || isReason(err, 'MalformedPacket'))
  },
  {
    name: 'no-will-after-keep-alive',
    does: 'publishes no will when a client was silent for too long',
    breaks: { '3.1.1': ['3.1.2-8', '3.1.2-24'], '5.0': ['3.1.2-8', '3.1.2-22'] },
    change: forgottenWhen(err => isReason(err, 'KeepAliveTimeout'))
  },
  {
    name: 'no-will-after-disconnect-4',
    does: 'publishes no will after DISCONNECT 0x04',
    breaks: { '5.0': ['3.1.2-8', '3.1.2-10', '3.14.4-3'] },
    change: receiving('disconnect', packet => {
      if (packet.reasonCode === 4) packet.reasonCode = 0
    })
  },
  {
    name: 'will-after-disconnect',
    does: 'publishes the will also after DISCONNECT',
    breaks: { '3.1.1': ['3.1.2-10', '3.14.4-3'], '5.0': ['3.1.2-10', '3.14.4-3'] },
    change: publishing('cleanDisconnect')
  },
  {
    name: 'will-twice',
    does: 'publishes a will twice',
    breaks: both('3.1.2-10'),
    change: publishing('uncleanDisconnect')
  },
  {
    name: 'will-not-retained',
    does: 'does not store a will with Will Retain 1',
    breaks: { '3.1.1': ['3.1.2-17'], '5.0': ['3.1.2-15'] },
    change: receiving('connect', ({ will }) => {
      if (will) will.retain = false
    })
  },
  {
    name: 'will-always-retained',
    does: 'stores a will with Will Retain 0',
    breaks: { '3.1.1': ['3.1.2-16'], '5.0': ['3.1.2-14'] },
    change: receiving('connect', ({ will }) => {
      if (will) will.retain = true
    })
  },
  {
    name: 'will-fields-swapped',
    does: 'takes the payload of a will for its topic',
    breaks: both('3.1.3-1'),
    change: receiving('connect', ({ will }) => {
      if (!will) return
      const { topic, payload } = will
      will.topic = payload.toString() || topic
      will.payload = Buffer.from(topic)
    })
  },
  {
    name: 'will-delay-ignored',
    does: 'publishes a will at once, whatever its delay',
    breaks: { '5.0': ['3.1.2-8', '3.1.3-9'] },
    change: receiving('connect', ({ will }) => {
      delete will?.properties?.willDelayInterval
    })
  },
  {
    name: 'will-delay-too-long',
    does: 'lets the delay of a will outlive the session',
    breaks: { '5.0': ['3.1.2-8'] },
    change: broker => {
      const { sessions } = broker.stack
      const ever = new Set<string>()
      const { set } = sessions
      sessions.set = (id, session) => {
        ever.add(id)
        return set.call(sessions, id, session)
      }
      // It looks whether there is a session still.
      sessions.has = id => ever.has(id)
      return broker.stack.replace('LastWill', new Keeping())
    }
  },
  {
    name: 'will-despite-reconnect',
    does: 'publishes a delayed will though its client is back',
    breaks: { '5.0': ['3.1.3-9'] },
    change: broker => broker.stack.replace('LastWill', new NeverCalledBack())
  },
  {
    name: 'will-user-properties-reversed',
    does: 'turns the user properties of a will round',
    breaks: { '5.0': ['3.1.3-10'] },
    change: receiving('connect', ({ will }) => {
      if (will?.properties?.userProperties)
        will.properties.userProperties = [...will.properties.userProperties].reverse()
    })
  },
  {
    name: 'will-of-earlier-connection',
    does: 'publishes the will of an earlier connection for one that has none',
    breaks: { '3.1.1': ['3.1.2-12', '3.1.2-10'], '5.0': ['3.1.2-10'] },
    change: broker => {
      const wills = new Map<string, Will>()
      return receiving('connect', (packet, { id }) => {
        const earlier = wills.get(id)
        if (packet.will) wills.set(id, packet.will)
        else if (earlier) packet.will = earlier
      })(broker)
    }
  }
]

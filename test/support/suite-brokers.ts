import { type Broker, type BrokerOptions, createBroker, MqttError } from '../../lib/index.js'
import type { BrokerFacts } from '../../spec-suite/protocol/broker/facts.js'

/** A broker for the conformance suite, and what the suite has to be told of it. */
export interface SuiteBroker {
  readonly broker: Broker
  readonly capabilities: Partial<BrokerFacts>
  readonly username?: string
  readonly password?: string
}

/** Everything on, as `stackmq start` has it. */
export function plainBroker(options: BrokerOptions = {}): SuiteBroker {
  return { broker: createBroker(options), capabilities: {} }
}

/** The same, with everything stored in this directory. */
export function storedBroker(data: string): SuiteBroker {
  return plainBroker({ data })
}

/** Everything off that can be switched off, and all limits low. */
export function restrictedBroker(): SuiteBroker {
  const off = { retainAvailable: false, wildcardSubscriptions: false, sharedSubscriptions: false }
  const broker = createBroker({
    ...{ ...off, subscriptionIdentifiers: false, topicAliases: false, topicAliasMaximum: 0 },
    ...{ maximumQoS: 1, receiveMaximum: 10, maximumPacketSize: 4096 }
  })
  return { broker, capabilities: {} }
}

/** Asks who is there, and does not let everybody do everything. */
export function guardedBroker(): SuiteBroker {
  const broker = createBroker({ receiveMaximum: 20 })
  broker.use({
    name: 'Guard',
    connect(_, packet) {
      if (packet.clientId === '') throw new MqttError('ClientIdentifierNotValid')
    },
    authenticateConnection({ client, username, password }, store) {
      if (client.id === 'refused') throw new MqttError('ClientIdentifierNotValid')
      store.valid = username === 'ada' && password?.toString() === 'lovelace'
    },
    authenticateExchange({ method, data, round }, store) {
      if (method !== 'SUITE') return
      const text = data?.toString()
      if (round === 0 && text === 'hello') {
        store.data = Buffer.from('who?')
        store.outcome = 'continue'
        return
      }
      if (round !== 1 || text !== 'ada') throw new MqttError('NotAuthorized')
      store.outcome = 'success'
    },
    authorizePublish({ packet }, store) {
      store.valid = packet.topic !== 'suite/forbidden'
    },
    authorizeSubscription({ subscription }, store) {
      store.valid = subscription.topic !== 'suite/forbidden'
    }
  })
  return {
    ...{ broker, username: 'ada', password: 'lovelace' },
    capabilities: {
      ...{ authentication: true, refusedClientId: 'refused' },
      ...{ refusedTopic: 'suite/forbidden', refusedFilter: 'suite/forbidden' },
      enhancedAuthentication: { method: 'SUITE', data: 'hello', answers: ['ada'], wrong: 'eve' }
    }
  }
}

export { Broker, type BrokerStats, createBroker, type PublishOptions } from './broker.js'
export { defaultStack } from './default-stack.js'
export type { BrokerOptions } from './options.js'
export { Retained, type RetainOptions } from './retained.js'

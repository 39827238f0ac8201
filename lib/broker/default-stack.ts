import {
  Authentication,
  Authorize,
  Connection,
  InboundManager,
  KeepAlive,
  LastWill,
  LevelBackend,
  LocalSubscriptions,
  MemoryBackend,
  OutboundManager,
  PacketEmitter,
  RetainManager,
  Router,
  SessionManager,
  SubscriptionManager
} from '../../middlewares/index.js'
import type { Middleware } from '../middleware.js'
import { Stack } from '../stack.js'
import { checkOptions } from './check-options.js'
import type { BrokerOptions } from './options.js'

/**
 * The stack of the ready broker: every middleware, in the order that README and DESIGN 1 show.
 * @throws StackError with everything that is wrong with the options
 */
export function defaultStack(options: BrokerOptions = {}): Stack {
  const middlewares = defaultMiddlewares(options)
  checkOptions(options, middlewares)
  return new Stack(options).use(...middlewares)
}

function defaultMiddlewares(options: BrokerOptions): Middleware[] {
  return [
    new Connection(options),
    new Authentication(options),
    new KeepAlive(options),
    new Authorize(),
    new LastWill({ sweepInterval: options.willSweepInterval }),
    new SessionManager(options),
    new SubscriptionManager({
      wildcards: options.wildcardSubscriptions,
      shared: options.sharedSubscriptions,
      identifiers: options.subscriptionIdentifiers,
      maximumSubscriptions: options.maximumSubscriptions,
      maximumLevels: options.maximumLevels
    }),
    new RetainManager({
      available: options.retainAvailable,
      maximumMessages: options.maximumRetainedMessages,
      maximumBytes: options.maximumRetainedBytes
    }),
    new InboundManager(options),
    new LocalSubscriptions(),
    new OutboundManager(options),
    new PacketEmitter(),
    new Router(),
    backendOf(options)
  ]
}

function backendOf({ data, durability, maximumStoredBytes }: BrokerOptions): Middleware {
  return data === undefined ? new MemoryBackend() : new LevelBackend({ data, durability, maximumStoredBytes })
}

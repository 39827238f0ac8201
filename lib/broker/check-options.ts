import { StackError } from '../errors.js'
import { listenerSettings } from '../listeners/index.js'
import type { AnyMiddleware } from '../middleware.js'
import { unknownOptions } from '../options.js'
import { flatten } from '../plan.js'
import { stackSettings } from '../stack-options.js'
import type { BrokerOptions } from './options.js'

/** What an option has to be; `own`: the stack or the middleware that has it checks it. */
type Kind = 'own' | 'boolean' | 'function' | 'object'

const kinds: Readonly<Record<keyof BrokerOptions, Kind>> = {
  ...({ onError: 'function', strict: 'boolean', stallTimeout: 'own', drainTimeout: 'own' } as const),
  ...({ lingerTimeout: 'own', maximumPacketSize: 'own', refuse: 'own' } as const),
  ...({ clock: 'object', random: 'function', allowAnonymous: 'boolean', connectTimeout: 'own' } as const),
  ...({ maximumClientIdLength: 'own', responseInformation: 'own', serverKeepAlive: 'own' } as const),
  ...({ maximumKeepAlive: 'own', maximumSessionExpiry: 'own', receiveMaximum: 'own' } as const),
  ...({ topicAliasMaximum: 'own', maximumQoS: 'own', validatePayloadFormat: 'boolean' } as const),
  ...({ maximumInflight: 'own', maximumQueuedMessages: 'own', maximumQueuedBytes: 'own' } as const),
  ...({ slowTimeout: 'own', topicAliases: 'boolean', wildcardSubscriptions: 'boolean' } as const),
  ...({ sharedSubscriptions: 'boolean', subscriptionIdentifiers: 'boolean' } as const),
  ...({ maximumSubscriptions: 'own', maximumLevels: 'own', retainAvailable: 'boolean' } as const),
  ...({ maximumRetainedMessages: 'own', maximumRetainedBytes: 'own' } as const),
  ...({ willSweepInterval: 'own', data: 'own', durability: 'own', maximumStoredBytes: 'own' } as const),
  ...({ listeners: 'object' } as const)
}

/** Options that have a longer name here than in their middleware. */
const renamed: Readonly<Record<string, Readonly<Record<string, keyof BrokerOptions>>>> = {
  RetainManager: { maximumMessages: 'maximumRetainedMessages', maximumBytes: 'maximumRetainedBytes' },
  LastWill: { sweepInterval: 'willSweepInterval' }
}

/** @throws StackError with everything that is wrong: in names, in kinds, and what stack and middlewares say. */
export function checkOptions(options: BrokerOptions, middlewares: readonly AnyMiddleware[]): void {
  const problems = [
    ...unknownOptions(options, Object.keys(kinds), 'createBroker()'),
    ...wrongKinds(options),
    ...problemsOf(() => stackSettings(options)),
    ...flatten(middlewares).flatMap(ofMiddleware),
    ...withoutData(options),
    ...(Array.isArray(options.listeners) ? options.listeners : []).flatMap((listenable, i) =>
      problemsOf(() => listenerSettings(listenable)).map(text => `listeners[${i}]: ${text}`)
    )
  ]
  if (problems.length === 0) return
  throw new StackError('STACK_INVALID_OPTIONS', `wrong options\n  ${problems.join('\n  ')}`, problems)
}

function withoutData(options: BrokerOptions): string[] {
  if (options.data !== undefined) return []
  const names = (['durability', 'maximumStoredBytes'] as const).filter(name => options[name] !== undefined)
  return names.map(name => `${name} needs data: give the directory to store in`)
}

function wrongKinds(options: BrokerOptions): string[] {
  const given = Object.entries(options).filter(([name, value]) => value !== undefined && name in kinds)
  return given.flatMap(([name, value]) => {
    const kind = kinds[name as keyof BrokerOptions]
    if (name === 'listeners' && !Array.isArray(value)) return [`listeners is ${String(value)}: give an array`]
    if (name === 'responseInformation' && typeof value !== 'string' && typeof value !== 'function') {
      return [`${name} is ${String(value)}: give a string or a function`]
    }
    const fine = kind === 'own' || (typeof value === kind && value !== null)
    return fine ? [] : [`${name} is ${String(value)}: give ${kind === 'object' ? 'an object' : `a ${kind}`}`]
  })
}

function ofMiddleware(middleware: AnyMiddleware): string[] {
  const names = Object.entries(renamed[middleware.name ?? ''] ?? {})
  return (middleware.check?.() ?? []).map(text => {
    const [, longer] = names.find(([name]) => text.startsWith(`${name} `)) ?? []
    return longer ? text.replace(/^\S+/, longer) : text
  })
}

function problemsOf(check: () => unknown): readonly string[] {
  try {
    check()
    return []
  } catch (err) {
    if (err instanceof StackError) return err.problems
    throw err
  }
}

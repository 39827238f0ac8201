import type { BrokerOptions } from '../broker/index.js'
import type { ListenerOptions } from '../listeners/index.js'
import { listenersOf } from './listeners.js'
import type { LogFormat, LogLevel } from './log.js'
import type { CommandOption } from './option.js'
import { type OptionName, optionTable } from './option-table.js'
import type { Values } from './parse.js'

/** Files that have to be read before anything can listen. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
  readonly ca: string | undefined
  readonly requireClientCert: boolean
}

export interface UserSettings {
  readonly name: string
  /** Either this or the file. */
  readonly password: string | undefined
  readonly passwordFile: string | undefined
}

/** What `stackmq start` shall do. */
export interface Settings {
  readonly broker: BrokerOptions
  readonly listeners: readonly ListenerOptions[]
  readonly tls: TlsFiles | null
  readonly user: UserSettings | null
  readonly level: LogLevel
  /** null: depends on where the log goes. */
  readonly format: LogFormat | null
}

/** Of values without misfits(). */
export function settingsOf(values: Values): Settings {
  const text = (name: OptionName) => values.get(name) as string | undefined
  const [cert, key, name] = [text('tls-cert'), text('tls-key'), text('username')]
  const requireClientCert = values.get('tls-require-client-cert') === true
  return {
    broker: brokerOptionsOf(values),
    listeners: listenersOf(values),
    tls:
      cert === undefined || key === undefined ? null : { cert, key, ca: text('tls-ca'), requireClientCert },
    user:
      name === undefined ? null : { name, password: text('password'), passwordFile: text('password-file') },
    level: (text('log-level') ?? 'info') as LogLevel,
    format: (text('log-format') ?? null) as LogFormat | null
  }
}

function brokerOptionsOf(values: Values): BrokerOptions {
  // The guards against callbacks that are forgotten are for who writes middlewares: all of these are ours.
  const options: Record<string, unknown> = { strict: false }
  for (const { name, kind, broker, sets = true } of optionTable as readonly CommandOption[]) {
    const value = values.get(name as OptionName)
    if (broker !== undefined && value !== undefined)
      options[broker] = kind === 'flag' ? value === sets : value
  }
  return options
}

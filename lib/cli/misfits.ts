import { isLoopback } from '../listeners/index.js'
import { namesListener } from './listeners.js'
import type { OptionName } from './option-table.js'
import type { Values } from './parse.js'

/** What does not fit together, in sentences; what is wrong by itself parseOptions() has found. */
export function misfits(values: Values): string[] {
  return [
    ...tlsMisfits(values),
    ...passwordMisfits(values),
    ...openMisfits(values),
    ...storageMisfits(values)
  ]
}

function tlsMisfits(values: Values): string[] {
  const has = (name: OptionName) => values.has(name)
  const secure = (['tls-port', 'wss-port'] as const).filter(has)
  const web = has('ws-port') || has('wss-port') || !namesListener(values)
  return [
    ...(has('tls-cert') && has('tls-key')
      ? []
      : secure.map(name => `--${name} needs --tls-cert and --tls-key`)),
    ...(['tls-cert', 'tls-key', 'tls-ca', 'tls-require-client-cert'] as const)
      .filter(name => has(name) && secure.length === 0)
      .map(name => `--${name} needs --tls-port or --wss-port`),
    ...(values.get('tls-require-client-cert') === true && !has('tls-ca')
      ? ['--tls-require-client-cert needs --tls-ca']
      : []),
    ...(has('ws-path') && !web ? ['--ws-path needs --ws-port or --wss-port'] : [])
  ]
}

function passwordMisfits(values: Values): string[] {
  const password = values.has('password') || values.has('password-file')
  return [
    ...(values.has('username') && !password ? ['--username needs --password or --password-file'] : []),
    ...(password && !values.has('username') ? ['a password needs --username'] : []),
    ...(values.has('password') && values.has('password-file')
      ? ['--password and --password-file are both given: choose one']
      : [])
  ]
}

function storageMisfits(values: Values): string[] {
  if (values.has('data')) return []
  return (['durability', 'max-stored-bytes'] as const)
    .filter(name => values.has(name))
    .map(name => `--${name} needs --data`)
}

/** Broker#listen() refuses this too; here it is told in the words of the command, with everything else. */
function openMisfits(values: Values): string[] {
  const host = values.get('host') as string | undefined
  if (host === undefined || isLoopback(host)) return []
  if (values.has('allow-anonymous') || values.has('username')) return []
  const clear = values.has('port') || values.has('ws-port') || !namesListener(values)
  if (!clear && values.get('tls-require-client-cert') === true) return []
  return [
    `--host ${host} is open to other machines and nobody needs a password there: ` +
      'add --username and --password-file, or --allow-anonymous to let everybody in'
  ]
}

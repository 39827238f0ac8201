import type { ListenerOptions } from '../listeners/index.js'
import type { OptionName } from './option-table.js'
import type { Values } from './parse.js'

const ports = { port: 'tcp', 'ws-port': 'ws', 'tls-port': 'tls', 'wss-port': 'wss' } as const

/** Whether a listener was named: then only those named are opened. */
export function namesListener(values: Values): boolean {
  return values.has('unix') || Object.keys(ports).some(name => values.has(name as OptionName))
}

/** What to listen on. Certificates are added when their files were read. */
export function listenersOf(values: Values): ListenerOptions[] {
  const standard: Partial<Record<OptionName, number>> = namesListener(values)
    ? {}
    : { port: 1883, 'ws-port': 8083 }
  const listeners: ListenerOptions[] = []
  for (const [name, protocol] of Object.entries(ports)) {
    const port = values.get(name as OptionName) ?? standard[name as OptionName]
    if (port !== undefined) listeners.push({ protocol, port: port as number, ...extras(values, protocol) })
  }
  const path = values.get('unix')
  if (path !== undefined) {
    listeners.push({ protocol: 'unix', path: path as string, ...limits(values) })
  }
  return listeners
}

function extras(values: Values, protocol: ListenerOptions['protocol']): Partial<ListenerOptions> {
  const secure = protocol === 'tls' || protocol === 'wss'
  const web = protocol === 'ws' || protocol === 'wss'
  const host = values.get('host') as string | undefined
  const path = values.get('ws-path') as string | undefined
  // Its certificate says who the client is: where there is no password, it needs nothing else.
  const certified = secure && values.get('tls-require-client-cert') === true && !values.has('username')
  return {
    ...limits(values),
    ...(host !== undefined && { host }),
    ...(web && path !== undefined && { path }),
    ...(certified && { allowAnonymous: true })
  }
}

function limits(values: Values): Pick<ListenerOptions, 'maxConnections'> {
  const maxConnections = values.get('max-connections') as number | undefined
  return maxConnections === undefined ? {} : { maxConnections }
}

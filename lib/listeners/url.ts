import { StackError } from '../errors.js'
import type { Listenable, ListenerOptions, ListenerProtocol } from './options.js'

const schemes: Readonly<Record<string, ListenerProtocol>> = {
  ...{ mqtt: 'tcp', tcp: 'tcp', mqtts: 'tls', tls: 'tls', ssl: 'tls' },
  ...{ ws: 'ws', wss: 'wss', unix: 'unix', 'mqtt+unix': 'unix' }
}

/** Options from a port or a URL. @throws StackError for what is neither */
export function parseListenable(listenable: Listenable): ListenerOptions {
  if (typeof listenable === 'object' && listenable !== null) return listenable
  if (typeof listenable === 'number') return { port: listenable }
  const [, scheme = '', rest = ''] = /^([a-z+]+):\/\/(.*)$/i.exec(String(listenable)) ?? []
  const protocol = schemes[scheme.toLowerCase()]
  if (!protocol) {
    throw wrong(`is no listener: give a port, options, or a URL with ${Object.keys(schemes).join(', ')}`)
  }
  if (protocol === 'unix') return { protocol, path: rest }
  const url = parse(rest)
  if (!url) throw wrong('is no listener: its host or its port is wrong')
  const { hostname, port, pathname, search, hash, username, password } = url
  if (search || hash || username || password) throw wrong('has more than a host, a port and a path')
  return {
    protocol,
    ...(hostname && { host: hostname.replace(/^\[|\]$/g, '') }),
    ...(port && { port: Number(port) }),
    ...(pathname.length > 1 && { path: pathname })
  }

  function wrong(why: string): StackError {
    const text = `'${String(listenable)}' ${why}`
    return new StackError('STACK_INVALID_OPTIONS', text, [text])
  }
}

/** A scheme that URL does not know has no default port: `ws://localhost:80` keeps its 80. */
function parse(rest: string): URL | null {
  try {
    return new URL(`mqtt://${rest}`)
  } catch {
    return null
  }
}

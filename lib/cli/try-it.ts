import type { Listener } from '../listeners/index.js'
import type { Settings } from './settings.js'

/** Lines that a user can copy to see that it works. */
export function tryIt(listeners: readonly Listener[], settings: Settings): string[] {
  const mqtt = listeners.find(({ protocol }) => !isWeb(protocol))
  const web = listeners.find(({ protocol }) => isWeb(protocol))
  const how = mqtt && [...target(mqtt, settings), ...credentials(settings)].join(' ')
  return [
    ...(how ? [`mosquitto_sub ${how} -v -t 'test/#'`, `mosquitto_pub ${how} -t test/hello -m hello`] : []),
    ...(web ? [`new WebSocket('${reachable(web.url)}', 'mqtt')`] : [])
  ]
}

function isWeb(protocol: Listener['protocol']): boolean {
  return protocol === 'ws' || protocol === 'wss'
}

/** A URL that clients on this machine can use. */
function reachable(url: string): string {
  return url.replace(/\/\/(0\.0\.0\.0|\[::\])(?=[:/]|$)/, '//localhost')
}

function target({ protocol, port, url }: Listener, { tls }: Settings): string[] {
  if (protocol === 'unix') return [`--unix ${quoted(url.replace('unix://', ''))}`]
  const host = new URL(reachable(url).replace(/^mqtts?:/, 'http:')).hostname.replace(/^\[|\]$/g, '')
  return [
    ...(host === 'localhost' ? [] : [`-h ${host}`]),
    `-p ${port}`,
    ...(protocol === 'tls' ? [`--cafile ${quoted(tls!.ca ?? tls!.cert)}`] : []),
    ...(protocol === 'tls' && tls!.requireClientCert ? ['--cert client.crt --key client.key'] : [])
  ]
}

function credentials({ user }: Settings): string[] {
  return user ? [`-u ${quoted(user.name)} -P '…'`] : []
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w./@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

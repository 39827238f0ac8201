import type { Logger } from 'pino'
import type { Broker } from '../broker/index.js'
import type { Ctx } from '../callbacks.js'
import type { Client } from '../client.js'
import { MqttError } from '../errors.js'
import { OnceASecond } from './once-a-second.js'

/** Logs who comes and goes (info), and what is refused or lost (warn). Returns what tells of the rest at the end. */
export function logEvents(broker: Broker, log: Logger): () => void {
  if (log.isLevelEnabled('info')) logClients(broker, log)
  const ends = [
    ...(log.isLevelEnabled('warn') ? [logLosses(broker, log)] : []),
    ...(log.isLevelEnabled('error') ? [logErrors(broker, log)] : [])
  ]
  return () => {
    for (const end of ends) end()
  }
}

function logClients(broker: Broker, log: Logger): void {
  broker.on('connect', ({ client, packet, sessionPresent }) => {
    const { keepalive, clean } = packet
    const how = { version: client.version, keepalive, clean, sessionPresent }
    log.info({ ...whoIs(client), ...how }, 'client connected')
  })
  broker.on('disconnect', ({ client, clean }) => {
    log.info({ client: client.id, clean, reason: whyGone(client, clean) }, 'client disconnected')
  })
}

function logLosses(broker: Broker, log: Logger): () => void {
  type Loss = Ctx<'messageDropped'>
  const losses = new OnceASecond<Loss>(broker.stack.clock, ({ clientId: client, packet, reason }, count) => {
    log.warn({ client, topic: packet.topic, reason, count }, 'message dropped')
  })
  broker.on('dropped', loss => losses.note(loss.reason, loss))
  return () => losses.flush()
}

interface Fault<E> {
  readonly err: E
  readonly client: Client | null
}

function logErrors(broker: Broker, log: Logger): () => void {
  const { clock } = broker.stack
  const from = (client: Client | null) => (client ? whoIs(client) : {})
  const refusals = new OnceASecond<Fault<MqttError>>(clock, ({ err, client }, count) => {
    log.warn({ ...from(client), reason: err.reasonName, detail: err.message, count }, 'refused')
  })
  const faults = new OnceASecond<Fault<Error>>(clock, ({ err, client }, count) => {
    log.error({ ...from(client), err, count }, 'internal error')
  })
  broker.on('error', (err, client) => {
    if (err instanceof MqttError) refusals.note(err.reasonName, { err, client })
    else faults.note(err.name, { err, client })
  })
  return () => {
    refusals.flush()
    faults.flush()
  }
}

function whoIs({ id, username, info }: Client) {
  const { listener, remoteAddress, remotePort } = info
  const address = remoteAddress === undefined ? undefined : `${remoteAddress} ${remotePort}`
  return { client: id, username, listener, address }
}

function whyGone({ closedBy, state }: Client, clean: boolean): string {
  if (clean) return 'it said DISCONNECT'
  if (closedBy) return closedBy.message
  return state === 'closing' ? 'it said DISCONNECT and asked for its will' : 'it went without DISCONNECT'
}

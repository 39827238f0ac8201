import type { Logger } from 'pino'
import { type Broker, createBroker } from '../broker/index.js'
import { StackError } from '../errors.js'
import type { Listener, ListenerOptions } from '../listeners/index.js'
import { oneUser } from './authenticator.js'
import { failure, usageError } from './command-error.js'
import { Files } from './files.js'
import { createLog, flushed } from './log.js'
import { logEvents } from './log-events.js'
import { PacketLog } from './log-packets.js'
import type { CommandProcess, Signal } from './process.js'
import type { Settings } from './settings.js'
import { tryIt } from './try-it.js'

const signalNumbers: Record<Signal, number> = { SIGINT: 2, SIGTERM: 15 }

/** Runs a broker until a signal ends it. Resolves to the exit code. @throws CommandError when it cannot start */
export async function start(settings: Settings, own: CommandProcess): Promise<number> {
  const { password, listeners } = readFiles(settings)
  const target = own.logTarget()
  const format = settings.format ?? (own.isTerminal ? 'pretty' : 'json')
  const log = createLog({ level: settings.level, format, color: own.isTerminal && !own.env.NO_COLOR }, target)
  own.on('uncaughtException', err => {
    log.fatal({ err }, 'uncaught error: this is a bug')
    flushed(target).then(() => own.exit(1))
  })
  const stopped = firstSignal(own)
  const { broker, open, tellRest } = await opened(settings, password, listeners, log)
  announce(open, settings, log)

  log.info({ signal: await stopped }, 'stopping')
  try {
    await broker.close()
    tellRest()
    log.info('stopped')
    return 0
  } catch (err) {
    log.error({ err }, 'stopped, but not cleanly')
    return 1
  } finally {
    await flushed(target)
  }
}

function readFiles(settings: Settings): { password: string; listeners: ListenerOptions[] } {
  const files = new Files()
  const tls = settings.tls && files.tls(settings.tls)
  const password = settings.user ? files.password(settings.user) : ''
  files.check()
  const secure = ({ protocol }: ListenerOptions) => protocol === 'tls' || protocol === 'wss'
  return { password, listeners: settings.listeners.map(one => (tls && secure(one) ? { ...one, tls } : one)) }
}

/** The first signal asks for a clean stop, the second one for an end at once. */
function firstSignal(own: CommandProcess): Promise<Signal> {
  return new Promise(resolve => {
    let stopping = false
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      own.on(signal, () => {
        if (stopping) own.exit(128 + signalNumbers[signal])
        stopping = true
        resolve(signal)
      })
    }
  })
}

async function opened(
  settings: Settings,
  password: string,
  listeners: readonly ListenerOptions[],
  log: Logger
): Promise<{ broker: Broker; open: readonly Listener[]; tellRest: () => void }> {
  try {
    const broker = compose(settings, password, log)
    const tellRest = logEvents(broker, log)
    try {
      return { broker, tellRest, open: await broker.listen(...listeners) }
    } catch (err) {
      await broker.close()
      throw err
    }
  } catch (err) {
    throw asCommandError(err)
  }
}

function compose({ broker: options, user }: Settings, password: string, log: Logger): Broker {
  const broker = createBroker(options)
  if (user) broker.use(oneUser(user.name, password))
  if (log.isLevelEnabled('debug')) broker.stack.insert({ before: 'Connection' }, new PacketLog(log))
  if (log.isLevelEnabled('trace')) {
    broker.stack.trace({}, ({ clientId: client, step, middleware, topic, outcome, error: err }) =>
      log.trace({ client, step, middleware, topic, outcome, ...(err && { err }) }, 'step')
    )
  }
  return broker
}

function asCommandError(err: unknown): unknown {
  if (!(err instanceof StackError)) return err
  const text = err.message.replace(/^\[\w+\] /, '')
  if (err.code === 'STACK_LISTEN') return failure([`cannot listen: ${text}`])
  if (err.code === 'STACK_STORAGE') return failure([text])
  return usageError(err.problems.length > 0 ? err.problems : [text])
}

function announce(listeners: readonly Listener[], settings: Settings, log: Logger): void {
  for (const { protocol, port, url } of listeners) log.info({ protocol, port, url }, `listening on ${url}`)
  for (const line of tryIt(listeners, settings)) log.info(`try it: ${line}`)
  log.info({ pid: process.pid }, 'ready')
}

import { type DestinationStream, destination, type Logger, pino, stdSerializers } from 'pino'
import { prettyFactory } from 'pino-pretty'

export type LogLevel = 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'
export type LogFormat = 'pretty' | 'json'

export interface LogOptions {
  readonly level: LogLevel
  readonly format: LogFormat
  readonly color?: boolean
}

/** Where lines go: standard output, or anything for tests. */
export interface LogTarget {
  write(line: string): unknown
  flushSync?(): void
  flush?(done: (err?: Error) => void): void
}

/** Waiting lines beyond so many characters are lost: a reader that is stuck must not fill the memory. */
const maxWaiting = 16 * 1024 * 1024

/** Standard output, written to in the background: a slow reader does not hold up the broker. */
export function standardOutput(): LogTarget {
  const stream = destination({ dest: 1, sync: false, minLength: 1, maxLength: maxWaiting })
  // A log that nobody reads any more (EPIPE) is no reason to stop serving.
  stream.on('error', () => {})
  return stream
}

export function createLog({ level, format, color = false }: LogOptions, target: LogTarget): Logger {
  const options = { level, base: null, serializers: { err: stdSerializers.err } }
  return pino(options, format === 'json' ? (target as DestinationStream) : prettily(target, color))
}

/** pino-pretty in this process instead of in a worker: what was logged last is never lost when it exits. */
function prettily(target: LogTarget, colorize: boolean): DestinationStream {
  const pretty = prettyFactory({
    colorize,
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
    ignore: 'protocol,port,url'
  })
  return Object.assign(
    { write: (line: string) => target.write(pretty(line)) },
    { flushSync: () => target.flushSync?.() }
  )
}

/** Resolves when everything is written, or after a second: a reader may be stuck. */
export function flushed(target: LogTarget): Promise<void> {
  return new Promise(resolve => {
    if (!target.flush) return resolve()
    const timer = setTimeout(resolve, 1000)
    target.flush(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

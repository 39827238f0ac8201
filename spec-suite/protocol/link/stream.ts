import type { Duplex } from 'node:stream'
import type { Link, LinkEvents, Target } from './link.js'

/** Milliseconds that the other side has for its end. */
export const patience = 1000

/** A link over a stream that is open. */
export function streamLink(stream: Duplex, events: LinkEvents): Link {
  let over = false
  const closed = (orderly: boolean) => {
    if (over) return
    over = true
    events.closed(orderly)
  }
  stream.on('data', (bytes: Buffer) => events.data(bytes))
  stream.on('end', () => closed(true))
  stream.on('close', () => closed(false))
  stream.on('error', () => {})
  return {
    write: bytes => {
      if (stream.writable) stream.write(bytes)
    },
    cut: () => {
      over = true
      stream.destroy()
    },
    end: () => {
      over = true
      stream.end()
      // A peer that does not end its side would keep it, and the process, alive.
      setTimeout(() => stream.destroy(), patience).unref()
    }
  }
}

/** A broker in this process: each call gives the client's end of a new connection, without a network. */
export function streamTarget(name: string, open: () => Duplex | Promise<Duplex>): Target {
  return { name, webSocket: null, open: async events => streamLink(await open(), events) }
}

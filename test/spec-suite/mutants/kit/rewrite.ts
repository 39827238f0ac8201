import { type Duplex, duplexPair } from 'node:stream'
import type { Broker } from '../../../../lib/index.js'
import { Frames } from '../../../../spec-suite/protocol/wire/frames.js'
import { bodyAt, typeOf } from './frame.js'

/** What goes on instead of a packet. */
export type Instead = Buffer | null | readonly Buffer[]

/** Changes what is on one connection, packet by packet. */
export interface Rewriter {
  /** What the broker sends. */
  toClient?(frame: Buffer): Instead
  /** What the client sends. */
  toBroker?(frame: Buffer): Instead
  /** What the client sends that is no whole packet. */
  part?(bytes: Buffer): Instead
  /** Asked when the broker ends the connection: true leaves the client in the dark. */
  keepsOpen?(): boolean
}

/** The connection that is rewritten. */
export interface Line {
  readonly broker: Broker
  /** The protocol level that CONNECT names, 0 before it. */
  readonly level: number
  /** To the client, beside what the broker says. */
  say(bytes: Buffer): void
}

export type Rewrite = (line: Line) => Rewriter

/** Opens a connection to a broker in this process: the end of the client. */
export function connection(broker: Broker, rewrite?: Rewrite): Duplex {
  const [near, far] = duplexPair()
  const outer = rewrite ? rewritten(far, broker, rewrite) : far
  near.on('close', () => far.destroy())
  far.on('error', () => {})
  broker.connect(outer, { local: true })
  if (outer === far) outer.on('close', () => setImmediate(() => near.destroy()))
  return near
}

/** The end that the broker gets, where `far` is the one that the client talks to. */
function rewritten(far: Duplex, broker: Broker, rewrite: Rewrite): Duplex {
  const [inner, outer] = duplexPair()
  const line = { broker, level: 0, say: (bytes: Buffer) => put(far, bytes) }
  const { toClient, toBroker, part, keepsOpen } = rewrite(line)
  const answers = new Frames(frame => put(far, toClient ? toClient(frame) : frame))
  far.on('data', (chunk: Buffer) => {
    // A client writes whole packets, or bytes that are none: those go on as they are.
    const frames: Buffer[] = []
    new Frames(frame => frames.push(frame)).push(chunk)
    for (const frame of frames) {
      if (typeOf(frame) === 1 && line.level === 0) line.level = levelOf(frame)
      put(inner, toBroker ? readable(toBroker, frame) : frame)
    }
    const taken = frames.reduce((sum, { length }) => sum + length, 0)
    const rest = chunk.subarray(taken)
    if (rest.length > 0) put(inner, part ? part(rest) : rest)
  })
  inner.on('data', (chunk: Buffer) => answers.push(chunk))
  far.on('end', () => inner.end())
  far.on('close', () => setImmediate(() => outer.destroy()))
  inner.on('error', () => {})
  const over = () => {
    if (keepsOpen?.()) return
    if (far.writable) far.end()
    setTimeout(() => far.destroy(), 100).unref()
  }
  inner.on('end', over)
  outer.on('close', over)
  return outer
}

function levelOf(frame: Buffer): number {
  const at = bodyAt(frame)
  const levelAt = at + 2 > frame.length ? frame.length : at + 2 + frame.readUInt16BE(at)
  return frame[levelAt] ?? 4
}

/** What is too short for what it says is nothing that a mutant changes. */
function readable(change: (frame: Buffer) => Instead, frame: Buffer): Instead {
  try {
    return change(frame)
  } catch (err) {
    if (err instanceof RangeError) return frame
    throw err
  }
}

function put(stream: Duplex, instead: Instead): void {
  if (!stream.writable || instead === null) return
  for (const frame of Buffer.isBuffer(instead) ? [instead] : instead) stream.write(frame)
}

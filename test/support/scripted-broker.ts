import { type Duplex, duplexPair } from 'node:stream'
import type { Target } from '../../spec-suite/protocol/link/link.js'
import { streamTarget } from '../../spec-suite/protocol/link/stream.js'
import { Frames } from '../../spec-suite/protocol/wire/frames.js'

/** What a broker says to a packet of this type; nothing is an answer, too. */
export type Script = (type: number, frame: Buffer, stream: Duplex) => Buffer | null

/** A broker that says what a test wants, without a network. */
export function scriptedBroker(script: Script): Target {
  return streamTarget('scripted', () => {
    const [near, far] = duplexPair()
    const frames = new Frames(frame => {
      const answer = script(frame[0]! >> 4, frame, far)
      if (answer && far.writable) far.write(answer)
    })
    far.on('data', (chunk: Buffer) => frames.push(chunk))
    far.on('end', () => far.end())
    far.on('error', () => {})
    return near
  })
}

import { Frames } from '../../../../spec-suite/protocol/wire/frames.js'
import { withByte } from '../kit/frame.js'
import { both, type Mutant } from '../kit/mutant.js'

/** The packets that are in the payload of a frame, and how many bytes are none. */
function packetsIn(payload: Buffer): { packets: Buffer[]; rest: number } {
  const packets: Buffer[] = []
  const frames = new Frames(packet => packets.push(packet))
  frames.push(payload)
  return { packets, rest: frames.pending }
}

/** MQTT over WebSocket: chapter 6. */
export const webSocketMutants: readonly Mutant[] = [
  {
    name: 'text-frames',
    does: 'sends text frames over WebSocket',
    breaks: both('6.0.0-1'),
    // Only the head of a frame that is small can be 0x82 behind the handshake.
    webSocket: { fromBroker: chunk => (chunk[0] === 0x82 ? withByte(chunk, 0, 0x81) : chunk) }
  },
  {
    name: 'subprotocol-missing',
    does: 'does not name the subprotocol of WebSocket',
    breaks: both('6.0.0-4'),
    webSocket: {
      fromBroker: chunk =>
        chunk.subarray(0, 4).toString() === 'HTTP'
          ? Buffer.from(chunk.toString('latin1').replace(/Sec-WebSocket-Protocol: .*\r\n/i, ''), 'latin1')
          : chunk
    }
  },
  {
    name: 'one-packet-a-frame',
    does: 'reads the first packet of a WebSocket frame only',
    breaks: both('6.0.0-2'),
    webSocket: { fromClient: payload => packetsIn(payload).packets[0] ?? payload }
  },
  {
    name: 'whole-packets-in-frames',
    does: 'forgets packets that are not in one WebSocket frame',
    breaks: both('6.0.0-2'),
    webSocket: { fromClient: payload => (packetsIn(payload).rest > 0 ? null : payload) }
  }
]

import { isUtf8 } from 'node:buffer'
import { raw } from '../../../../spec-suite/protocol/bytes.js'
import { receiving, sending } from '../kit/change.js'
import {
  body,
  bodyAt,
  framed,
  idAt,
  publishParts,
  qosOf,
  strings,
  typeOf,
  withByte,
  withId
} from '../kit/frame.js'
import { both, type Mutant } from '../kit/mutant.js'
import type { Instead, Rewrite } from '../kit/rewrite.js'

/** Changes packets of one type on their way to the client. */
const saying =
  (type: number, change: (frame: Buffer, level: number) => Instead): Rewrite =>
  line => ({ toClient: frame => (typeOf(frame) === type ? change(frame, line.level) : frame) })

/** Mends what a client sends, for a broker that would not mind. */
const mending =
  (mend: (frame: Buffer, level: number) => Instead): Rewrite =>
  line => ({ toBroker: frame => mend(frame, line.level) })

/** Mends the strings of a packet that are wrong. */
const mendingStrings = (isWrong: (text: Buffer) => boolean, mend: (text: Buffer) => void) =>
  mending((frame, level) => {
    const copy = Buffer.from(frame)
    try {
      for (const [from, to] of strings(copy, level)) {
        const text = copy.subarray(from, to)
        if (isWrong(text)) mend(text)
      }
    } catch {
      // Too short for what it says: not what is mended here.
    }
    return copy
  })

/** First nibbles: the flags that each packet from a client has to have. */
const flags: Readonly<Record<number, number>> = { 6: 2, 8: 2, 10: 2 }

const mendingFlags = (...types: number[]) =>
  mending(frame => {
    const type = typeOf(frame)
    return types.includes(type) ? withByte(frame, 0, (type << 4) | (flags[type] ?? 0)) : frame
  })

const publish = 3

/** Data representation and packet format: chapters 1 and 2, and flags. */
export const formatMutants: readonly Mutant[] = [
  {
    name: 'bad-utf-8-taken',
    does: 'takes topics, filters and client ids that are not UTF-8',
    breaks: { '3.1.1': ['1.5.3-1'], '5.0': ['1.5.4-1', '1.5.7-1'] },
    rewrite: mendingStrings(
      text => !isUtf8(text),
      text => text.fill('x')
    )
  },
  {
    name: 'surrogates-taken',
    does: 'takes surrogates for characters, wherever they are',
    breaks: { '3.1.1': ['1.5.3-1'], '5.0': ['1.5.4-1', '1.5.7-1'] },
    rewrite: mending(frame => {
      const copy = Buffer.from(frame)
      for (let at = copy.indexOf(0xed, 2); at >= 0; at = copy.indexOf(0xed, at + 1)) {
        if (copy[at + 1]! >= 0xa0) copy.fill('x', at, at + 3)
      }
      return copy
    })
  },
  {
    name: 'bad-utf-8-anywhere',
    does: 'mends bytes that no UTF-8 has, in properties too',
    breaks: {
      '3.1.1': ['3.1.3-10', '3.1.3-11', '3.8.3-1', '3.10.3-1'],
      '5.0': ['1.5.7-1', '3.1.3-11', '3.1.3-12', '3.3.2-13', '3.3.2-19', '3.8.3-1', '3.10.3-1']
    },
    rewrite: mending(frame => {
      const copy = Buffer.from(frame)
      for (let at = bodyAt(copy); at < copy.length; at++) {
        if ([0xc0, 0xc1, 0xf5, 0xf8, 0xfe, 0xff].includes(copy[at]!)) copy[at] = 0x78
      }
      for (let at = copy.indexOf(0xed, 2); at >= 0; at = copy.indexOf(0xed, at + 1))
        copy.fill('x', at, at + 3)
      return copy
    })
  },
  {
    name: 'nul-taken',
    does: 'takes topics, filters and client ids with U+0000',
    breaks: { '3.1.1': ['1.5.3-2', '4.7.3-2'], '5.0': ['1.5.4-2', '4.7.3-2'] },
    rewrite: mendingStrings(
      text => text.includes(0),
      text => text.set([...text].map(byte => byte || 0x78))
    )
  },
  {
    name: 'byte-order-mark-stripped',
    does: 'takes U+FEFF out of topics',
    breaks: { '3.1.1': ['1.5.3-3'], '5.0': ['1.5.4-3'] },
    change: sending('publish', packet => ({ ...packet, topic: packet.topic.replaceAll('\ufeff', '') }))
  },
  {
    name: 'remaining-length-too-long',
    does: 'writes the remaining length of small messages in two bytes',
    breaks: { '5.0': ['1.5.5-1'] },
    rewrite: saying(publish, frame =>
      bodyAt(frame) > 2 ? frame : raw([frame[0]!, frame[1]! | 0x80, 0], frame.subarray(2))
    )
  },
  {
    name: 'property-length-missing',
    does: 'leaves the property length out of SUBACK',
    breaks: { '5.0': ['2.2.2-1'] },
    rewrite: saying(9, (frame, level) =>
      level === 5 ? framed(0x90, body(frame).subarray(0, 2), body(frame).subarray(3)) : frame
    )
  },
  {
    name: 'subscribe-flags-any',
    does: 'does not look at the flags of SUBSCRIBE and UNSUBSCRIBE',
    breaks: {
      '3.1.1': ['2.2.2-2', '3.8.1-1', '3.10.1-1'],
      '5.0': ['2.1.3-1', '3.8.1-1', '3.10.1-1']
    },
    rewrite: mendingFlags(8, 10)
  },
  {
    name: 'pubrel-flags-any',
    does: 'does not look at the flags of PUBREL',
    breaks: both('3.6.1-1'),
    rewrite: mendingFlags(6)
  },
  {
    name: 'disconnect-flags-any',
    does: 'does not look at the flags of DISCONNECT',
    breaks: both('3.14.1-1'),
    rewrite: mendingFlags(14)
  },
  {
    name: 'other-flags-any',
    does: 'does not look at the flags of CONNECT, PINGREQ and acknowledgements',
    breaks: { '3.1.1': ['2.2.2-2'], '5.0': ['2.1.3-1'] },
    rewrite: mendingFlags(1, 4, 5, 7, 12)
  },
  {
    name: 'pubrel-flags-0',
    does: 'sends PUBREL with the flags 0000',
    breaks: { '3.1.1': ['2.2.2-1', '3.6.1-1'], '5.0': ['2.1.3-1', '3.6.1-1'] },
    rewrite: saying(6, frame => withByte(frame, 0, 0x60))
  },
  {
    name: 'suback-flags',
    does: 'sends SUBACK with the flags of SUBSCRIBE',
    breaks: { '3.1.1': ['2.2.2-1'], '5.0': ['2.1.3-1'] },
    rewrite: saying(9, frame => withByte(frame, 0, 0x92))
  },
  {
    name: 'identifier-at-qos-0',
    does: 'writes a packet identifier into messages of QoS 0',
    breaks: { '3.1.1': ['2.3.1-5'], '5.0': ['2.2.1-2'] },
    rewrite: saying(publish, (frame, level) => {
      if (qosOf(frame) > 0) return frame
      const { topicEnd } = publishParts(frame, level)
      return framed(frame[0]!, frame.subarray(bodyAt(frame), topicEnd), [0, 1], frame.subarray(topicEnd))
    })
  },
  {
    name: 'identifier-0',
    does: 'sends messages with the packet identifier 0',
    breaks: { '3.1.1': ['2.3.1-1', '2.3.1-4'], '5.0': ['2.2.1-4', '4.3.2-1'] },
    rewrite: saying(publish, frame => (qosOf(frame) === 0 ? frame : withId(frame, 0)))
  },
  {
    name: 'identifier-0-taken',
    does: 'takes SUBSCRIBE and PUBLISH with the packet identifier 0',
    breaks: { '3.1.1': ['2.3.1-1'], '5.0': ['2.2.1-3'] },
    rewrite: mending(frame => {
      const type = typeOf(frame)
      const has = type === 8 || type === 10 || (type === publish && qosOf(frame) > 0)
      try {
        return has && frame.readUInt16BE(idAt(frame)) === 0 ? withId(frame, 9) : frame
      } catch {
        return frame
      }
    })
  },
  {
    name: 'identifiers-all-alike',
    does: 'gives every message the packet identifier 1',
    breaks: { '3.1.1': ['2.3.1-4', '4.3.2-1'], '5.0': ['2.2.1-4', '4.3.2-1', '4.3.3-1'] },
    rewrite: saying(publish, frame => (qosOf(frame) === 0 ? frame : withId(frame, 1)))
  },
  {
    name: 'qos-3-taken',
    does: 'takes QoS 3 for QoS 2',
    breaks: both('3.3.1-4'),
    rewrite: mending(frame =>
      typeOf(frame) === publish && qosOf(frame) === 3 ? withByte(frame, 0, frame[0]! & ~2) : frame
    )
  },
  {
    name: 'qos-3-sent',
    does: 'sends messages of QoS 2 with QoS 3',
    breaks: { '3.1.1': ['3.3.1-4', '4.3.3-1'], '5.0': ['3.3.1-4', '4.3.3-2'] },
    rewrite: saying(publish, frame => (qosOf(frame) === 2 ? withByte(frame, 0, frame[0]! | 6) : frame))
  },
  {
    name: 'dup-at-qos-0',
    does: 'sends messages of QoS 0 with DUP 1',
    breaks: both('3.3.1-2', '4.3.1-1'),
    rewrite: saying(publish, frame => (qosOf(frame) === 0 ? withByte(frame, 0, frame[0]! | 8) : frame))
  },
  {
    name: 'wildcards-in-topics',
    does: 'takes messages to topics with wildcards',
    breaks: { '3.1.1': ['3.3.2-2', '4.7.1-1'], '5.0': ['3.3.2-2', '4.7.0-1'] },
    rewrite: line => ({
      toBroker(frame) {
        if (typeOf(frame) !== publish) return frame
        const copy = Buffer.from(frame)
        const { topicAt, topicEnd } = publishParts(copy, line.level)
        copy.subarray(topicAt, topicEnd).forEach((byte, i) => {
          if (byte === 0x2b || byte === 0x23) copy[topicAt + i] = 0x5f
        })
        return copy
      }
    })
  },
  {
    name: 'empty-topic-ignored',
    does: 'ignores messages without a topic',
    breaks: both('4.7.3-1'),
    rewrite: mending((frame, level) => {
      if (typeOf(frame) !== publish || frame.readUInt16BE(bodyAt(frame)) > 0) return frame
      const { propertiesAt, propertiesEnd } = publishParts(frame, level)
      return frame.subarray(propertiesAt, propertiesEnd).includes(0x23) ? frame : null
    })
  },
  {
    name: 'topic-changed',
    does: 'delivers to another topic than the one published to',
    breaks: both('3.3.2-3'),
    change: sending('publish', packet => ({ ...packet, topic: `${packet.topic}/` }))
  },
  {
    name: 'topic-cut',
    does: 'cuts topics after 1000 characters',
    breaks: both('4.7.3-3'),
    change: receiving('publish', packet => {
      packet.topic = packet.topic.slice(0, 1000)
    })
  }
]

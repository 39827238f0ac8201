import t from 'tap'
import { field, packet, properties, raw, u16 } from '../support/bytes.js'
import { WireCheck } from '../support/wire-check.js'

type Version = 3 | 4 | 5

const accepted = (version: Version, ...own: number[]) =>
  packet(0x20, [0, 0], version === 5 ? properties(own) : [])

/** What a broker may not send after CONNACK, and the words of the judgement. */
const wrong: ReadonlyArray<[version: Version, bytes: Buffer, text: RegExp]> = [
  [5, packet(0x20, [0, 0, 0]), /second CONNACK/],
  [4, packet(0x10, [0]), /does not send packet type 1/],
  [4, packet(0xe0), /does not send packet type 14/],
  [5, raw([0xd0, 0x80, 0x00]), /longer than needed/],
  [5, packet(0xd1), /flags 1/],
  [5, packet(0x60, u16(1)), /pubrel with flags 0/],
  [5, packet(0x36, field('t'), u16(1), [0]), /QoS 3/],
  [5, packet(0x38, field('t'), [0]), /DUP on QoS 0/],
  [4, packet(0x30, field('a/#')), /wildcards/],
  [4, packet(0x30, field([0xff])), /UTF-8/],
  [4, packet(0x30, field('')), /empty/],
  [4, packet(0x32, field('t'), u16(0)), /identifier is 0/],
  [4, raw(packet(0x32, field('t'), u16(1)), packet(0x32, field('t'), u16(1))), /in use/],
  [5, raw(...[1, 2, 3].map(id => packet(0x32, field('t'), u16(id), [0]))), /3 messages are open/],
  [5, packet(0x30, field(''), [0]), /neither topic nor alias/],
  [5, packet(0x30, field('t'), properties([0x23, 0, 2])), /topic alias 2/],
  [5, packet(0x30, field('t'), properties([0x23, 0, 0])), /topic alias 0/],
  [5, packet(0x30, field(''), properties([0x23, 0, 1])), /not set up/],
  [5, packet(0x30, field('t'), properties([0x01, 1, 0x01, 1])), /twice/],
  [5, packet(0x30, field('t'), properties([0x21, 0, 1])), /property 0x21/],
  [5, packet(0x30, field('t'), [0x80, 0x00]), /variable byte integer/],
  [5, packet(0x30, field('t'), [9]), /property length/],
  [5, packet(0x40, u16(1), [0x01]), /puback 1 is no reason code/],
  [5, packet(0x40, u16(1), [0x80], properties([0x1f], field('why'))), /did not ask/],
  [4, packet(0x40, u16(1), [0]), /not two bytes/],
  [4, packet(0x90, u16(1), [0x87]), /suback 135/],
  [5, packet(0x90, u16(7), [0, 0]), /1 codes for 2 filters/],
  [5, packet(0xb0, u16(1), [0, 0x8d]), /unsuback 141/],
  [5, packet(0xe0, [0x04]), /disconnect 4/],
  [5, packet(0xe0, [0], properties([0x11, 0, 0, 0, 1])), /property 0x11/],
  [5, raw(packet(0xe0), packet(0xd0)), /pingresp after DISCONNECT/],
  [5, packet(0x30, field('t'), [0], Buffer.alloc(100)), /over the maximum/]
]

for (const [version, bytes, text] of wrong) {
  t.test(`WireCheck finds ${bytes.toString('hex').slice(0, 30)} in ${version}: ${text.source}`, async t => {
    const check = new WireCheck(version)
    Object.assign(check.limits, { maximumPacketSize: 90, receiveMaximum: 2, topicAliasMaximum: 1 })
    check.limits.problemInformation = false
    check.asked.set(7, 2)
    check.push(accepted(version))
    t.same(check.violations, [])
    check.push(bytes)
    t.match(check.violations.join(), text)
  })
}

const first: ReadonlyArray<[bytes: Buffer, text: RegExp]> = [
  [packet(0xd0), /before CONNACK/],
  [packet(0x20, [2, 0, 0]), /reserved bits/],
  [packet(0x20, [1, 0x87, 0]), /Session Present in a refusal/],
  [packet(0x20, [0, 0x8e, 0]), /CONNACK 142/],
  [raw(packet(0x20, [0, 0x87, 0]), packet(0xd0)), /after a CONNACK that refused/]
]

for (const [bytes, text] of first) {
  t.test(`WireCheck finds ${bytes.toString('hex')} at first: ${text.source}`, async t => {
    const check = new WireCheck(5)
    for (const byte of bytes) check.push(Buffer.from([byte]))
    t.match(check.violations.join(), text)
  })
}

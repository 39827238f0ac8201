import mqtt from 'mqtt-packet'
import t from 'tap'
import { field, packet, properties, raw, u16 } from '../../spec-suite/protocol/bytes.js'
import { levelOf, type Version } from '../../spec-suite/protocol/version.js'
import { Watch } from '../../spec-suite/protocol/wire/watch.js'

const accepted = (version: Version, ...own: number[]) =>
  packet(0x20, [0, 0], version === '5.0' ? properties(own) : [])

const limits = { maximumPacketSize: 90, receiveMaximum: 2, topicAliasMaximum: 1 }

const connect = (version: Version): mqtt.IConnectPacket => ({
  ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: levelOf(version), clientId: 'c', clean: true },
  properties: { ...limits, requestProblemInformation: false }
})

const subscribe: mqtt.ISubscribePacket = {
  ...{ cmd: 'subscribe', messageId: 7 },
  subscriptions: ['t', 'a'].map(topic => ({ topic, qos: 1 }))
}

/** What a broker may not send after CONNACK, and the words of the judgement. */
const wrong: ReadonlyArray<[version: Version, bytes: Buffer, text: RegExp]> = [
  ['5.0', packet(0x20, [0, 0, 0]), /second CONNACK/],
  ['3.1.1', packet(0x10, [0]), /does not send packet type 1/],
  ['3.1.1', packet(0xe0), /does not send packet type 14/],
  ['5.0', raw([0xd0, 0x80, 0x00]), /longer than needed/],
  ['5.0', packet(0xd1), /pingresp has the flags 1/],
  ['5.0', packet(0x60, u16(1)), /pubrel has the flags 0/],
  ['5.0', packet(0x40, u16(1), [0], properties([0x1f], field('r'.repeat(90)))), /too long with that/],
  ['5.0', packet(0x36, field('t'), u16(1), [0]), /QoS 3/],
  ['5.0', packet(0x38, field('t'), [0]), /QoS 0 has DUP 1/],
  ['3.1.1', packet(0x30, field('a/#')), /wildcards/],
  ['3.1.1', packet(0x30, field([0xff])), /UTF-8/],
  ['3.1.1', packet(0x30, field('')), /neither a topic nor an alias/],
  ['3.1.1', packet(0x32, field('t'), u16(0)), /identifier 0/],
  ['3.1.1', raw(packet(0x32, field('t'), u16(1)), packet(0x32, field('t'), u16(1))), /in use/],
  ['5.0', raw(...[1, 2, 3].map(id => packet(0x32, field('t'), u16(id), [0]))), /3 messages are under way/],
  ['5.0', packet(0x30, field(''), [0]), /neither a topic nor an alias/],
  ['5.0', packet(0x30, field('t'), properties([0x23, 0, 2])), /topic alias 2/],
  ['5.0', packet(0x30, field('t'), properties([0x23, 0, 0])), /topicAlias 0/],
  ['5.0', packet(0x30, field(''), properties([0x23, 0, 1])), /alias that was set up \(1\)/],
  ['5.0', packet(0x30, field('t'), properties([0x01, 1, 0x01, 1])), /twice/],
  ['5.0', packet(0x30, field('t'), properties([0x21, 0, 1])), /has the property receiveMaximum/],
  ['5.0', packet(0x30, field('t'), [0x80, 0x00]), /variable byte integer/],
  ['5.0', packet(0x30, field('t'), [9]), /property length/],
  ['5.0', packet(0x40, u16(1), [0x01]), /puback has the code 0x01/],
  ['5.0', packet(0x40, u16(1), [0x80], properties([0x1f], field('why'))), /asked for no problem information/],
  ['3.1.1', packet(0x40, u16(1), [0]), /1 bytes too many/],
  ['3.1.1', packet(0x90, u16(1), [0x87]), /suback has the code 0x87/],
  ['5.0', packet(0x90, u16(7), [0, 0]), /1 codes for 2 filters/],
  ['5.0', packet(0xb0, u16(1), [0, 0x8d]), /unsuback has the code 0x8D/],
  ['5.0', packet(0xe0, [0x04]), /disconnect has the code 0x04/],
  ['5.0', packet(0xe0, [0], properties([0x11, 0, 0, 0, 1])), /property sessionExpiryInterval/],
  ['5.0', raw(packet(0xe0), packet(0xd0)), /pingresp came after DISCONNECT/],
  ['5.0', packet(0x30, field('t'), [0], Buffer.alloc(100)), /over the maximum/]
]

for (const [version, bytes, text] of wrong) {
  t.test(`Watch finds ${bytes.toString('hex').slice(0, 30)} in ${version}: ${text.source}`, async t => {
    const watch = new Watch(version, () => {})
    watch.sent(mqtt.generate(connect(version), { protocolVersion: levelOf(version) }))
    watch.sent(mqtt.generate(subscribe, { protocolVersion: levelOf(version) }))
    watch.received(accepted(version))
    t.same(watch.violations, [], 'what is right is not told')
    watch.received(bytes)
    t.match(watch.violations.map(one => one.text).join(), text)
  })
}

const first: ReadonlyArray<[bytes: Buffer, text: RegExp]> = [
  [packet(0xd0), /came before CONNACK/],
  [packet(0x20, [2, 0, 0]), /reserved flags/],
  [packet(0x20, [1, 0x87, 0]), /refusing CONNACK has Session Present/],
  [packet(0x20, [0, 0x8e, 0]), /connack has the code 0x8E/],
  [raw(packet(0x20, [0, 0x87, 0]), packet(0xd0)), /pingresp came after CONNACK 0x87/]
]

for (const [bytes, text] of first) {
  t.test(`Watch finds ${bytes.toString('hex')} at first: ${text.source}`, async t => {
    const check = new Watch('5.0', () => {})
    for (const byte of bytes) check.received(Buffer.from([byte]))
    t.match(check.violations.map(one => one.text).join(), text)
  })
}

t.test('what others sent is judged only where it was not asked for', async t => {
  const watch = new Watch(
    '3.1.1',
    () => {},
    topic => topic.startsWith('own')
  )
  const wrong = (topic: string) => watch.received(packet(0x38, field(topic)))
  watch.received(accepted('3.1.1'))
  wrong('strange')
  t.match(watch.violations, [{ text: /DUP 1/ }, { text: /matches no filter/ }])
  watch.sent(mqtt.generate({ cmd: 'subscribe', messageId: 7, subscriptions: [{ topic: '#', qos: 0 }] }))
  wrong('strange')
  t.equal(watch.violations.length, 2, 'a filter that is wide brings it')
  wrong('own')
  t.match(watch.violations.slice(2), [{ text: /DUP 1/ }])
})

t.test('a broker of 3.1.1 may send a message again on the same connection, one of 5.0 may not', async t => {
  for (const version of ['3.1.1', '5.0'] as const) {
    const level = version === '5.0' ? 5 : 4
    const watch = new Watch(version, () => {})
    const subscriptions = [{ topic: 't', qos: 1 as const }]
    watch.sent(mqtt.generate({ cmd: 'subscribe', messageId: 7, subscriptions }, { protocolVersion: level }))
    watch.received(accepted(version))
    for (const first of [0x32, 0x3a]) {
      watch.received(packet(first, field('t'), u16(1), level === 5 ? [0] : []))
    }
    const found = watch.violations.map(({ ids }) => ids)
    t.strictSame(found, level === 5 ? [['4.4.0-1']] : [], version)
  }
})

t.test('the PUBCOMP of a message of an earlier connection makes room as well', async t => {
  const watch = new Watch('5.0', () => {})
  const connect = { cmd: 'connect', clientId: 'c', clean: false, protocolVersion: 5 } as const
  watch.sent(mqtt.generate({ ...connect, properties: { receiveMaximum: 1 } }))
  watch.received(packet(0x20, [1, 0, 0]))
  watch.received(packet(0x62, u16(1)))
  const publish = (id: number) => watch.received(packet(0x34, field('t'), u16(id), [0]))
  publish(2)
  watch.sent(mqtt.generate({ cmd: 'pubcomp', messageId: 1 }, { protocolVersion: 5 }))
  publish(3)
  t.strictSame(watch.violations, [], 'a server that counts as 4.9 says may have two under way')
  publish(4)
  t.match(watch.violations, [{ text: /2 messages are under way, receive maximum is 1/ }])
})

import fc from 'fast-check'
import t from 'tap'
import { encodedSize } from '../../lib/codec/index.js'
import { fit, type PeerLimits } from '../../lib/fit.js'
import type { Packet, ProblemProperties, Version } from '../../lib/packets.js'

const problem: ProblemProperties = { reasonString: 'because of this', userProperties: [['key', 'value']] }
const unlimited: PeerLimits = { version: 5, maximumPacketSize: 0xffff_ffff, problemInformation: true }

const answers: Packet[] = [
  { cmd: 'puback', messageId: 1, reasonCode: 0x87, properties: problem },
  { cmd: 'pubrec', messageId: 1, reasonCode: 0x87, properties: problem },
  { cmd: 'pubrel', messageId: 1, reasonCode: 0x92, properties: problem },
  { cmd: 'pubcomp', messageId: 1, reasonCode: 0x92, properties: problem },
  { cmd: 'suback', messageId: 1, granted: [0x87], properties: problem },
  { cmd: 'unsuback', messageId: 1, granted: [0x87], properties: problem },
  { cmd: 'auth', reasonCode: 0x18, properties: { authenticationMethod: 'm', ...problem } }
]
const excepted: Packet[] = [
  { cmd: 'connack', sessionPresent: false, reasonCode: 0x87, properties: { receiveMaximum: 5, ...problem } },
  { cmd: 'disconnect', reasonCode: 0x87, properties: { serverReference: 'x', ...problem } }
]
const publish: Packet = {
  ...{ cmd: 'publish', topic: 't', payload: Buffer.from('p'), qos: 0, retain: false, dup: false },
  ...{ messageId: 0, properties: { userProperties: [['key', 'value']] } }
}

/** The names of the properties that have a value. */
function names(packet: Packet | null): string[] {
  const properties = (packet as { properties?: object } | null)?.properties ?? {}
  return Object.entries(properties).flatMap(([name, value]) => (value === undefined ? [] : [name]))
}

t.test('who asked for no problem information gets none but where it may be [5.0 MQTT-3.1.2-29]', async t => {
  const peer = { ...unlimited, problemInformation: false }
  for (const packet of answers) {
    const wanted = names(packet).filter(name => name === 'authenticationMethod')
    t.strictSame(names(fit(packet, peer)), wanted, packet.cmd)
    t.equal(names(packet).includes('reasonString'), true, 'the packet itself is not changed')
  }
  for (const packet of [...excepted, publish]) t.equal(fit(packet, peer), packet, packet.cmd)
  for (const packet of [...answers, ...excepted]) t.equal(fit(packet, unlimited), packet)
})

t.test('user properties, then the reason string are left out to fit [5.0 MQTT-3.4.2-2]', async t => {
  for (const packet of [...answers, ...excepted]) {
    const size = encodedSize(packet, 5)
    const sized = (maximumPacketSize: number) => fit(packet, { ...unlimited, maximumPacketSize })
    t.equal(sized(size), packet, packet.cmd)
    t.equal(names(sized(size - 1)).includes('userProperties'), false, packet.cmd)
    t.equal(names(sized(size - 1)).includes('reasonString'), true, packet.cmd)
    const shorter = encodedSize(sized(size - 1)!, 5)
    t.equal(names(sized(shorter - 1)).includes('reasonString'), false, packet.cmd)
    const least = encodedSize(sized(shorter - 1)!, 5)
    t.ok(sized(least))
    t.equal(sized(least - 1), null, 'too large even so [5.0 MQTT-3.1.2-24]')
  }
})

t.test('a message is left as it is, or not sent', async t => {
  const size = encodedSize(publish, 5)
  t.equal(fit(publish, { ...unlimited, maximumPacketSize: size }), publish)
  t.equal(fit(publish, { ...unlimited, maximumPacketSize: size - 1 }), null)
})

t.test('MQTT 3 knows no such limits', async t => {
  for (const version of [3, 4] as const) {
    for (const packet of answers) {
      t.equal(fit(packet, { version, maximumPacketSize: 1, problemInformation: false }), packet)
    }
  }
})

t.test('whatever the limits, what goes out keeps to them and to its other fields', async t => {
  let left = 0
  const check = fc.property(
    fc.constantFrom(...answers, ...excepted, publish),
    fc.constantFrom<Version>(4, 5),
    fc.nat(60),
    fc.boolean(),
    (packet, version, maximumPacketSize, problemInformation) => {
      const fitting = fit(packet, { version, maximumPacketSize, problemInformation })
      if (fitting === null || version < 5) return fitting !== null || version === 5
      left++
      const { properties: _, ...rest } = fitting as Packet & { properties?: object }
      const { properties: __, ...all } = packet as Packet & { properties?: object }
      t.strictSame(rest, all)
      return encodedSize(fitting, 5) <= maximumPacketSize
    }
  )
  t.doesNotThrow(() => fc.assert(check, { numRuns: 500 }))
  t.ok(left > 100)
})

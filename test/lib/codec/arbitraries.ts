import fc from 'fast-check'
import {
  isDefinedReason,
  type PropertiesOf,
  type Property,
  propertiesIn,
  type Where
} from '../../../lib/codec/index.js'
import type { ConnectPacket, Packet, QoS, Version } from '../../../lib/packets.js'

/** Every character MQTT can carry, U+FEFF often enough; long ones cross the borders of the fast paths. */
const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: 'binary-ascii', maxLength: 80 }),
    fc.constantFrom('', '\ufeff', 'a\ufeff', 'é'.repeat(70))
  )
  .map(value => value.replaceAll('\0', '-'))
const binary = fc.uint8Array({ maxLength: 40 }).map(array => Buffer.from(array))
const uint16 = fc.integer({ min: 1, max: 0xffff })
const uint32 = fc.oneof(fc.integer({ min: 1, max: 0xffff_ffff }), fc.constant(0xffff_ffff))
const varint = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 268_435_455 }))
const pairs = fc.array(fc.tuple(fc.oneof(text, fc.constantFrom('k', '__proto__')), text), {
  minLength: 1,
  maxLength: 4
})

/** With a prototype, as the decoder's objects. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>
}

function anyValue({ name, type, zero }: Property, where: Where): fc.Arbitrary<unknown> {
  // the decoder refuses wildcards in the response topic of a will [5.0 MQTT-3.3.2-14]
  if (name === 'responseTopic') return text.map(value => value.replaceAll(/[+#]/g, '/'))
  switch (type) {
    case 'flag':
      return fc.boolean()
    case 'bit':
      return fc.integer({ min: 0, max: 1 })
    case 'uint16':
      return zero === undefined ? fc.oneof(uint16, fc.constant(0)) : uint16
    case 'uint32':
      return zero === undefined ? fc.oneof(uint32, fc.constant(0)) : uint32
    case 'varint':
      // one identifier is a number, several are an array
      return where === 'publish' ? fc.oneof(varint, fc.array(varint, { minLength: 2, maxLength: 4 })) : varint
    case 'string':
      return text
    case 'binary':
      return binary
    case 'pair':
      return pairs
  }
}

/** Any legal properties; undefined where there would be none, which is how packets without them look. */
function propertiesFor<W extends Where>(where: W): fc.Arbitrary<PropertiesOf[W] | undefined> {
  const model = Object.fromEntries(
    propertiesIn[where].map(property => [property.name, anyValue(property, where)])
  )
  const some = fc.record(model, { requiredKeys: [] }).map(props => {
    const complete = { ...props }
    if ('authenticationData' in complete) complete.authenticationMethod ??= 'method'
    return Object.keys(complete).length === 0 ? undefined : (complete as PropertiesOf[W])
  })
  return fc.option(some, { nil: undefined, freq: 4 })
}

/** Only keys with a value, as the decoder builds packets; PUBLISH has its `properties` always. */
function compact<T extends { cmd: string }>(packet: T): T {
  const entries = Object.entries(packet).filter(([key, value]) => {
    return value !== undefined || (packet.cmd === 'publish' && key === 'properties')
  })
  return Object.fromEntries(entries) as T
}

const qos = fc.constantFrom<QoS>(0, 1, 2)

function codes(packet: Parameters<typeof isDefinedReason>[1]): fc.Arbitrary<number> {
  return fc.constantFrom(
    ...Array.from({ length: 256 }, (_, code) => code).filter(code => isDefinedReason(code, packet))
  )
}

function when5<T>(version: Version, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return version === 5 ? arbitrary : fc.constant(undefined)
}

function connects(version: Version): fc.Arbitrary<ConnectPacket> {
  const will = record({
    topic: text,
    payload: binary,
    qos,
    retain: fc.boolean(),
    properties: when5(version, propertiesFor('will'))
  }).map(({ properties, ...rest }) => (properties === undefined ? rest : { ...rest, properties }))
  return record({
    cmd: fc.constant('connect' as const),
    protocolId: fc.constant(version === 3 ? ('MQIsdp' as const) : ('MQTT' as const)),
    protocolVersion: fc.constant(version),
    clean: fc.boolean(),
    keepalive: fc.integer({ min: 0, max: 0xffff }),
    clientId: text,
    will: fc.option(will, { nil: undefined }),
    username: fc.option(text, { nil: undefined }),
    password: fc.option(binary, { nil: undefined }),
    properties: when5(version, propertiesFor('connect'))
  }).map(packet => {
    const legal = version === 5 || packet.username !== undefined
    return compact(legal ? packet : { ...packet, password: undefined })
  })
}

function acks(cmd: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp', version: Version): fc.Arbitrary<Packet> {
  return record({
    cmd: fc.constant(cmd),
    messageId: uint16,
    reasonCode: version === 5 ? codes(cmd) : fc.constant(0),
    properties: when5(version, propertiesFor(cmd))
  }).map(packet => compact(packet) as Packet)
}

function subscribes(version: Version): fc.Arbitrary<Packet> {
  const subscription = record({
    topic: text,
    qos,
    nl: version === 5 ? fc.boolean() : fc.constant(false),
    rap: version === 5 ? fc.boolean() : fc.constant(false),
    rh: version === 5 ? fc.constantFrom(0 as const, 1 as const, 2 as const) : fc.constant(0 as const)
  })
  const subscribe = record({
    cmd: fc.constant('subscribe' as const),
    messageId: uint16,
    subscriptions: fc.array(subscription, { minLength: 1, maxLength: 4 }),
    properties: when5(version, propertiesFor('subscribe'))
  })
  const unsubscribe = record({
    cmd: fc.constant('unsubscribe' as const),
    messageId: uint16,
    unsubscriptions: fc.array(text, { minLength: 1, maxLength: 4 }),
    properties: when5(version, propertiesFor('unsubscribe'))
  })
  return fc.oneof(subscribe, unsubscribe).map(packet => compact(packet) as Packet)
}

function subacks(cmd: 'suback' | 'unsuback', version: Version): fc.Arbitrary<Packet> {
  const old = cmd === 'suback' ? fc.array(fc.constantFrom(0, 1, 2, 0x80), { minLength: 1 }) : fc.constant([])
  return record({
    cmd: fc.constant(cmd),
    messageId: uint16,
    granted: version === 5 ? fc.array(codes(cmd), { minLength: 1, maxLength: 5 }) : old,
    properties: when5(version, propertiesFor(cmd))
  }).map(packet => compact(packet) as Packet)
}

function publishes(version: Version): fc.Arbitrary<Packet> {
  return record({
    cmd: fc.constant('publish' as const),
    topic: text,
    payload: fc.oneof(binary, fc.constant(Buffer.alloc(20_000, 1))),
    qos,
    retain: fc.boolean(),
    dup: fc.boolean(),
    messageId: uint16,
    properties: when5(version, propertiesFor('publish'))
  }).map(packet => (packet.qos === 0 ? { ...packet, messageId: 0 } : packet))
}

function closings(version: Version): fc.Arbitrary<Packet> {
  const connack = record({
    cmd: fc.constant('connack' as const),
    sessionPresent: version === 3 ? fc.constant(false) : fc.boolean(),
    reasonCode: version === 5 ? codes('connack') : fc.integer({ min: 0, max: 5 }),
    properties: when5(version, propertiesFor('connack'))
  })
  const disconnect = record({
    cmd: fc.constant('disconnect' as const),
    reasonCode: version === 5 ? codes('disconnect') : fc.constant(0),
    properties: when5(version, propertiesFor('disconnect'))
  })
  const pings = record({ cmd: fc.constantFrom('pingreq' as const, 'pingresp' as const) })
  const auth = record({
    cmd: fc.constant('auth' as const),
    reasonCode: codes('auth'),
    properties: propertiesFor('auth')
  }).map(packet => {
    if (packet.reasonCode === 0) return packet
    return { ...packet, properties: { authenticationMethod: 'method', ...packet.properties } }
  })
  const all = version === 5 ? [connack, disconnect, pings, auth] : [connack, disconnect, pings]
  return fc.oneof(...all).map(packet => compact(packet) as Packet)
}

/** Any legal packet of one version, in the shape the decoder gives it. */
export function packets(version: Version): fc.Arbitrary<Packet> {
  return fc.oneof(
    connects(version),
    publishes(version),
    acks('puback', version),
    acks('pubrec', version),
    acks('pubrel', version),
    acks('pubcomp', version),
    subscribes(version),
    subacks('suback', version),
    subacks('unsuback', version),
    closings(version)
  )
}

import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { Publish } from '../../../lib/codec/publish.js'
import { type Delivery, deliver } from '../../../lib/codec/publish-deliver.js'
import type { PublishProperties, QoS, Version } from '../../../lib/packets.js'
import { fromTheirs, theirDecode, toTheirs } from './oracle.js'
import * as arbitrary from './publishes.js'
import { decoded, publishBytes, sourceOf, type Wanted } from './publishes.js'
import { decodePacket } from './wire.js'

/** Keeps what is written; like the real one it gives out buffers with old bytes in them. */
class Sink {
  buf = Buffer.alloc(0)
  reserved = 0
  readonly parts: Buffer[] = []

  reserve(bytes: number): number {
    this.reserved++
    const whole = Buffer.alloc(bytes + 8, 0xee)
    this.buf = whole
    this.parts.push(whole.subarray(3, 3 + bytes))
    return 3
  }

  append(block: Buffer): void {
    this.parts.push(block)
  }

  get bytes(): Buffer {
    return Buffer.concat(this.parts)
  }
}

const qos = fc.constantFrom<QoS>(0, 1, 2)
const version = fc.constantFrom<Version>(3, 4, 5)

const incoming = fc.record({
  version,
  topic: arbitrary.topicName,
  payload: arbitrary.payload,
  qos,
  retain: fc.boolean(),
  dup: fc.boolean(),
  messageId: fc.integer({ min: 1, max: 0xffff }),
  properties: fc.option(arbitrary.messageProperties, { nil: undefined }),
  alias: fc.constantFrom(0, 0, 0, 4),
  expiry: fc.constantFrom(-1, -1, -1, 0, 70_000)
})

const outgoing = fc.record({
  version,
  qos,
  retain: fc.boolean(),
  dup: fc.boolean(),
  messageId: fc.integer({ min: 1, max: 0xffff }),
  alias: fc.constantFrom(0, 0, 0, 0, 1, 0xffff),
  bare: fc.boolean(),
  identifiers: fc.oneof(
    { weight: 2, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.array(
        fc.oneof(fc.nat(300), fc.nat(268_435_454)).map(n => n + 1),
        { minLength: 1, maxLength: 3 }
      )
    }
  ),
  expiry: fc.constantFrom(-1, -1, -1, -1, -1, 0, 1, 0xffff_ffff)
})

const rewriting = fc.record(
  { topic: arbitrary.topicName, payload: arbitrary.payload, properties: arbitrary.messageProperties },
  { requiredKeys: [], noNullPrototype: true }
)
const how = fc.record({
  rewritten: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: rewriting }),
  treatment: fc.constantFrom('as it is', 'detached', 'cloned', 'cloned and detached', 'made here')
})

type In = typeof incoming extends fc.Arbitrary<infer T> ? T : never
type Out = typeof outgoing extends fc.Arbitrary<infer T> ? T : never
type How = typeof how extends fc.Arbitrary<infer T> ? T : never

function receive(given: In): Publish {
  const { version, qos, dup, alias, expiry } = given
  const properties: PublishProperties = { ...given.properties }
  if (alias > 0) properties.topicAlias = alias
  if (expiry >= 0) properties.messageExpiryInterval = expiry
  const wire = publishBytes(version, { ...given, dup: dup && qos > 0, properties })
  return decoded(wire, sourceOf(version, 10))
}

function treat(packet: Publish, { rewritten, treatment }: How): Publish {
  if (rewritten) Object.assign(packet, rewritten)
  const chunk = packet.buf
  switch (treatment) {
    case 'detached':
      packet.detach()
      break
    case 'cloned':
      return packet.clone()
    case 'cloned and detached': {
      const clone = packet.clone().detach()
      clone.detach()
      return clone
    }
    case 'made here':
      return Publish.from(packet)
    default:
      return packet
  }
  // Nothing of the chunk is needed any more; a payload that was assigned is not the chunk's.
  if (!rewritten?.payload) chunk.fill(0xa5)
  return packet
}

/** What the receiver has to read, said from the parts and not from the bytes. */
function wantedOf(given: In, out: Out, { rewritten }: How): Wanted {
  const v5 = out.version === 5
  const props: PublishProperties = {
    ...(rewritten?.properties ?? (given.version === 5 ? given.properties : undefined))
  }
  if (out.expiry >= 0) props.messageExpiryInterval = out.expiry
  if (out.alias > 0) props.topicAlias = out.alias
  const { identifiers } = out
  if (identifiers) props.subscriptionIdentifier = identifiers.length === 1 ? identifiers[0]! : identifiers
  return {
    topic: out.alias > 0 && out.bare ? '' : (rewritten?.topic ?? given.topic),
    payload: rewritten?.payload ?? given.payload,
    ...{ qos: out.qos, retain: out.retain, dup: out.dup, messageId: out.qos > 0 ? out.messageId : 0 },
    properties: v5 && Object.keys(props).length > 0 ? props : undefined
  }
}

function deliveryOf(out: Out): Delivery {
  const { version, alias, bare, identifiers, messageId, ...flags } = out
  const v5 = version === 5
  return {
    ...flags,
    messageId: out.qos > 0 ? messageId : 0,
    alias: v5 ? alias : 0,
    bare: v5 && alias > 0 && bare,
    identifiers: v5 ? identifiers : null
  }
}

/** What makes a copy differ in nothing but flags and identifier. */
function like({ version, qos }: In) {
  return { version, qos, alias: 0, identifiers: null, expiry: -1 } as const
}

/** Without aliases and identifiers before MQTT 5, which the transmitter sees to. */
function forVersion(out: Out): Out {
  return out.version === 5 ? out : { ...out, alias: 0, bare: false, identifiers: null }
}

t.test('every copy of every message is what it should be, however it came and goes', async t => {
  const seen = { copied: 0, assembled: 0, blocks: 0, theirs: 0 }
  const check = fc.property(incoming, outgoing, how, fc.boolean(), (given, any, how, alike) => {
    const out = forVersion(alike ? { ...any, ...like(given) } : any)
    const packet = treat(receive(given), how)
    const sink = new Sink()
    const size = deliver(sink, packet, out.version === 5, 0xffff_ffff, deliveryOf(out))
    const wire = sink.bytes
    assert.equal(size, wire.length, 'the size returned')
    const wanted = { cmd: 'publish' as const, ...wantedOf(given, out, how) }
    assert.deepEqual(decodePacket(wire, out.version), wanted)
    const patched = out.alias === 0 && out.identifiers === null && out.expiry < 0 && out.qos === given.qos
    const sameForm = (given.version === 5) === (out.version === 5)
    seen[packet.plain && patched && sameForm && size < 16_384 ? 'copied' : 'assembled']++
    if (sink.parts.length > 1) seen.blocks++
    // mqtt-packet does not know that topic and alias may be without the other, nor DUP with QoS 0.
    if (wanted.topic === '' || (wanted.dup && wanted.qos === 0)) return
    const theirs = theirDecode(wire, out.version)
    if (theirs === undefined) return
    seen.theirs++
    assert.deepEqual(plain(fromTheirs(theirs, out.version)), plain(toTheirs(wanted)))
  })
  t.doesNotThrow(() => fc.assert(check, { numRuns: 6000 }))
  for (const [what, count] of Object.entries(seen)) t.ok(count > 300, `${what}: ${count}`)
})

t.test('copied or put together, the bytes are the same', async t => {
  let compared = 0
  const check = fc.property(incoming, outgoing.map(forVersion), (given, out) => {
    // Properties keep the order of the wire when copied; the order of ours is another.
    const packet = receive({ ...given, version: out.version, alias: 0, expiry: -1, properties: undefined })
    const delivery = { ...deliveryOf(out), alias: 0, bare: false, identifiers: null, expiry: -1 }
    const copied = new Sink()
    deliver(copied, packet, out.version === 5, 1e9, { ...delivery, qos: given.qos })
    packet.plain = false
    const assembled = new Sink()
    deliver(assembled, packet, out.version === 5, 1e9, { ...delivery, qos: given.qos })
    assert.equal(copied.bytes.toString('hex'), assembled.bytes.toString('hex'))
    compared++
  })
  t.doesNotThrow(() => fc.assert(check, { numRuns: 1000 }))
  t.equal(compared, 1000)
})

t.test('above the limit nothing is written [5.0 MQTT-3.1.2-24]', async t => {
  const check = fc.property(incoming, outgoing.map(forVersion), (given, out) => {
    const v5 = out.version === 5
    const packet = receive(given)
    const size = deliver(new Sink(), packet, v5, 0xffff_ffff, deliveryOf(out))
    const exact = new Sink()
    assert.equal(deliver(exact, packet, v5, size, deliveryOf(out)), size)
    const short = new Sink()
    assert.equal(deliver(short, packet, v5, size - 1, deliveryOf(out)), 0)
    assert.equal(short.parts.length, 0)
  })
  t.doesNotThrow(() => fc.assert(check, { numRuns: 1000 }))
})

t.test('what the protocol has no length for is not written either', async t => {
  const packet = Publish.from({ topic: 't', payload: Buffer.allocUnsafeSlow(268_435_455 - 3) })
  const plainly: Delivery = {
    ...{ qos: 0, retain: false, dup: false, messageId: 0 },
    ...{ alias: 0, bare: false, identifiers: null, expiry: -1 }
  }
  const old = new Sink()
  t.equal(deliver(old, packet, false, 0xffff_ffff, plainly), 268_435_460)
  t.equal(old.parts.length, 2, 'the payload is not copied')
  t.equal(deliver(new Sink(), packet, true, 0xffff_ffff, plainly), 0, 'one byte of properties is too much')
})

t.test('a length in more bytes than needed is not handed on', async t => {
  const wire = Buffer.from('308200000161', 'hex')
  wire[1] = 0x83
  const packet = decoded(wire, sourceOf(4))
  const sink = new Sink()
  const how = { qos: 0 as const, retain: false, dup: false, messageId: 0 }
  const size = deliver(sink, packet, false, 1e9, {
    ...how,
    ...{ alias: 0, bare: false, identifiers: null, expiry: -1 }
  })
  t.equal(sink.bytes.toString('hex'), '3003000161')
  t.equal(size, 5)
})

/** Without prototypes and kinds of buffers, which are none of the protocol's. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => [key, plain(inner)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { encode, propertiesIn, readProperties, readString, type Where } from '../../../lib/codec/index.js'
import { MqttError } from '../../../lib/errors.js'
import type { Version } from '../../../lib/packets.js'
import { packets } from './arbitraries.js'
import { decodeBody, decodePacket } from './wire.js'

const versions = fc.constantFrom<Version>(3, 4, 5)

/** Decodes, and whatever is taken must mean one thing: written again it reads the same. True if it was taken. */
function survives(type: number, flags: number, body: Buffer, version: Version): boolean {
  let packet: ReturnType<typeof decodeBody>
  try {
    packet = decodeBody(type, flags, body, version)
  } catch (error) {
    assert.ok(error instanceof MqttError, `threw ${error}`)
    assert.ok(error.fatal)
    return false
  }
  const spoken = packet.cmd === 'connect' ? packet.protocolVersion : version
  if (packet.cmd === 'connack' && version === 3) packet.sessionPresent = false
  assert.deepEqual(decodePacket(encode(packet, spoken), spoken), packet)
  return true
}

function legalFlags(type: number): number {
  return type === 6 || type === 8 || type === 10 ? 2 : 0
}

t.test('random bodies: an MqttError or a packet', async t => {
  let taken = 0
  let refused = 0
  const types = fc.integer({ min: 0, max: 15 }).filter(type => type !== 3)
  const flags = fc.option(fc.nat(15), { nil: undefined, freq: 8 })
  // small bytes make plausible lengths, ids and options
  const byte = fc.oneof(fc.nat(4), fc.nat(0x2a), fc.nat(255), fc.constantFrom(0, 0x41))
  const bodies = fc.array(byte, { maxLength: 40 })
  const check = fc.property(types, flags, bodies, versions, (type, nibble, body, version) => {
    if (survives(type, nibble ?? legalFlags(type), Buffer.from(body), version)) taken++
    else refused++
  })
  t.doesNotThrow(() => fc.assert(check, { numRuns: 20_000 }))
  t.ok(taken > 80, `${taken} were taken`)
  t.ok(refused > 5_000, `${refused} were refused`)
})

t.test('random CONNECT bodies behind a good protocol name', async t => {
  let taken = 0
  const heads = fc.constantFrom('\0\x04MQTT\x04', '\0\x04MQTT\x05', '\0\x06MQIsdp\x03')
  // mostly empty fields: with lengths at random nearly all would be cut off
  const byte = fc.oneof({ arbitrary: fc.constant(0), weight: 8 }, fc.nat(3), fc.nat(255))
  const bodies = fc.array(byte, { minLength: 4, maxLength: 16 })
  const check = fc.property(heads, fc.nat(255), bodies, (head, flags, rest) => {
    if (survives(1, 0, Buffer.from([...Buffer.from(head, 'latin1'), flags & 0xfe, ...rest]), 4)) taken++
  })
  t.doesNotThrow(() => fc.assert(check, { numRuns: 10_000 }))
  t.ok(taken > 40, `${taken} were taken`)
})

t.test('valid packets with a few broken bytes', async t => {
  let taken = 0
  let refused = 0
  const change = fc.record({
    kind: fc.constantFrom('set', 'flip', 'insert', 'delete', 'cut'),
    at: fc.nat(200),
    value: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x80, 0xff))
  })
  const sources = versions.chain(version => fc.tuple(packets(version), fc.constant(version)))
  const check = fc.property(
    sources,
    fc.array(change, { minLength: 1, maxLength: 3 }),
    ([packet, version], changes) => {
      if (packet.cmd === 'publish') return
      const wire = encode(packet, version)
      let body = [...wire.subarray(wire[1]! > 0x7f ? (wire[2]! > 0x7f ? 4 : 3) : 2)]
      for (const { kind, at, value } of changes) {
        const index = body.length === 0 ? 0 : at % body.length
        if (kind === 'set') body[index] = value
        else if (kind === 'flip') body[index] = (body[index] ?? 0) ^ (1 << (value & 7))
        else if (kind === 'insert') body.splice(index, 0, value)
        else if (kind === 'delete') body.splice(index, 1)
        else body = body.slice(0, index)
      }
      if (survives(wire[0]! >> 4, wire[0]! & 15, Buffer.from(body), version)) taken++
      else refused++
    }
  )
  t.doesNotThrow(() => fc.assert(check, { numRuns: 10_000 }))
  t.ok(taken > 1_000, `${taken} were taken`)
  t.ok(refused > 1_000, `${refused} were refused`)
})

t.test('every valid packet cut off anywhere is refused or another valid packet', async t => {
  const check = fc.property(
    versions.chain(version => fc.tuple(packets(version), fc.constant(version))),
    ([packet, version]) => {
      if (packet.cmd === 'publish') return
      const wire = encode(packet, version)
      const head = wire[1]! > 0x7f ? 3 : 2
      for (let end = head; end < Math.min(wire.length, 120); end++) {
        survives(wire[0]! >> 4, wire[0]! & 15, wire.subarray(head, end), version)
      }
    }
  )
  t.doesNotThrow(() => fc.assert(check, { numRuns: 300 }))
})

t.test('random properties and strings', async t => {
  let taken = 0
  const places = fc.constantFrom(...(Object.keys(propertiesIn) as Where[]))
  const byte = fc.oneof(fc.nat(0x2a), fc.constant(0), fc.nat(255))
  const check = fc.property(fc.array(byte, { maxLength: 30 }), places, (body, where) => {
    for (const read of [
      () => readProperties(Buffer.from(body), 0, body.length, where),
      () => readString(Buffer.from(body), 0, body.length)
    ]) {
      try {
        read()
        taken++
      } catch (error) {
        assert.ok(error instanceof MqttError, `threw ${error}`)
      }
    }
  })
  t.doesNotThrow(() => fc.assert(check, { numRuns: 10_000 }))
  t.ok(taken > 100, `${taken} were taken`)
})

import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { encode } from '../../../lib/codec/index.js'
import { MqttError } from '../../../lib/errors.js'
import { cmds, type Packet, type Version } from '../../../lib/packets.js'
import { packets } from './arbitraries.js'
import { fromTheirs, theirDecode, theirEncode, toTheirs } from './oracle.js'
import { decodePacket } from './wire.js'

function tally(): { add(cmd: string): void; missing(version: Version): string[] } {
  const counts = new Map<string, number>()
  return {
    add: cmd => counts.set(cmd, (counts.get(cmd) ?? 0) + 1),
    missing: version =>
      cmds.filter(
        cmd => cmd !== undefined && (cmd !== 'auth' || version === 5) && (counts.get(cmd) ?? 0) < 20
      ) as string[]
  }
}

/** Our packet in their shape and with their fields; PUBLISH has no key for absent properties there. */
function asTheirs(packet: Packet): Record<string, unknown> {
  const theirs = toTheirs(packet)
  if (theirs.properties === undefined) delete theirs.properties
  return theirs
}

for (const version of [3, 4, 5] as const) {
  t.test(`mqtt-packet reads what we write as we do, level ${version}`, async t => {
    const compared = tally()
    const check = fc.property(packets(version), packet => {
      const wire = encode(packet, version)
      const theirs = theirDecode(wire, version)
      if (theirs === undefined) {
        // the one thing of ours that it cannot read
        assert.deepEqual(packet, { cmd: 'auth', reasonCode: 0 })
        return
      }
      compared.add(packet.cmd)
      assert.deepEqual(plain(fromTheirs(theirs, version)), plain(asTheirs(decodePacket(wire, version))))
    })
    t.doesNotThrow(() => fc.assert(check, { numRuns: 3000 }))
    t.strictSame(compared.missing(version), [], 'every type was compared')
  })

  t.test(`we read what mqtt-packet writes as it does, level ${version}`, async t => {
    const compared = tally()
    const check = fc.property(packets(version), packet => {
      const wire = theirEncode(packet, version)
      if (wire === undefined) return
      const theirs = theirDecode(wire, version)
      if (theirs === undefined) return
      let ours: Packet
      try {
        ours = decodePacket(wire, version)
      } catch (error) {
        assert.ok(error instanceof MqttError, `${error}`)
        assert.fail(`${error.message}: ${wire.toString('hex')}`)
      }
      compared.add(packet.cmd)
      assert.deepEqual(plain(asTheirs(ours)), plain(fromTheirs(theirs, version)))
    })
    t.doesNotThrow(() => fc.assert(check, { numRuns: 3000 }))
    t.strictSame(compared.missing(version), [], 'every type was compared')
  })
}

/** Without prototypes and kinds of buffers, which are none of the protocol's. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .map(([key, inner]) => [key, plain(inner)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

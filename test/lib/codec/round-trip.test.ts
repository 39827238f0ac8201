import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { encode, encodedSize, encodeInto } from '../../../lib/codec/index.js'
import { cmds } from '../../../lib/packets.js'
import { packets } from './arbitraries.js'
import { decodePacket } from './wire.js'

for (const version of [3, 4, 5] as const) {
  t.test(`what is encoded decodes to the same, level ${version}`, async t => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(packets(version), packet => {
        seen.add(packet.cmd)
        assert.deepEqual(decodePacket(encode(packet, version), version), packet)
      }),
      { numRuns: 3000 }
    )
    const missing = cmds.filter(cmd => cmd !== undefined && !seen.has(cmd))
    t.strictSame(missing, version === 5 ? [] : ['auth'], 'every type was tried')
  })

  t.test(`encodeInto writes the bytes of encode and nothing else, level ${version}`, async t => {
    const check = fc.property(packets(version), fc.nat(20), (packet, at) => {
      const wire = encode(packet, version)
      assert.equal(encodedSize(packet, version), wire.length)
      const buf = Buffer.alloc(at + wire.length + 3, 0xee)
      assert.equal(encodeInto(packet, version, buf, at), at + wire.length)
      const around = [Buffer.alloc(at, 0xee), wire, Buffer.alloc(3, 0xee)]
      assert.equal(buf.toString('hex'), Buffer.concat(around).toString('hex'))
    })
    t.doesNotThrow(() => fc.assert(check, { numRuns: 500 }))
  })
}

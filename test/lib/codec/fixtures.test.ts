import t from 'tap'
import { encode, encodedSize, encodeInto } from '../../../lib/codec/index.js'
import { cmds } from '../../../lib/packets.js'
import { fixtures as v3 } from './fixtures-v3.js'
import { fixtures as v5 } from './fixtures-v5.js'
import { fixtures as session } from './fixtures-v5-session.js'
import { bytes, decodePacket } from './wire.js'

const fixtures = [...v3, ...session, ...v5]

for (const { name, versions, packet, wire } of fixtures) {
  for (const version of versions) {
    t.test(`${name}, level ${version}`, async t => {
      const expected = bytes(wire)
      t.equal(encode(packet, version).toString('hex'), expected.toString('hex'), 'encode')
      t.equal(encodedSize(packet, version), expected.length, 'encodedSize')
      t.strictSame(decodePacket(expected, version), packet, 'decode')
      const room = Buffer.alloc(expected.length + 2, 0xee)
      t.equal(encodeInto(packet, version, room, 1), 1 + expected.length, 'encodeInto')
      t.same(room, Buffer.concat([bytes('ee'), expected, bytes('ee')]), 'nothing written around it')
    })
  }
}

t.test('every packet type has fixtures in every version it exists in', async t => {
  for (const cmd of cmds) {
    if (cmd === undefined) continue
    const versions = fixtures.filter(({ packet }) => packet.cmd === cmd).flatMap(({ versions }) => versions)
    t.strictSame([...new Set(versions)].sort(), cmd === 'auth' ? [5] : [3, 4, 5], cmd)
  }
})

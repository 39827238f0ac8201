import mqtt from 'mqtt-packet'
import t from 'tap'
import { Publish } from '../../lib/codec/publish.js'
import { deliver } from '../../lib/codec/publish-deliver.js'
import { Flusher } from '../../lib/flusher.js'
import { OutputPool } from '../../lib/output-pool.js'
import { Writer } from '../../lib/writer.js'
import { FakeClock, turn } from '../support/fake-clock.js'
import { SlowStream } from '../support/slow-stream.js'

/** Random enough that a byte in a wrong place is seen. */
function payloadOf(size: number, seed: number): Buffer {
  const payload = Buffer.alloc(size)
  for (let i = 0, x = seed; i < size; i++) {
    x = (Math.imul(x, 1_103_515_245) + 12_345) >>> 0
    payload[i] = x >>> 16
  }
  return payload
}

for (const version of [4, 5] as const) {
  for (const slow of [false, true]) {
    const title = `level ${version}, ${slow ? 'slow' : 'fast'} stream`
    t.test(`large messages go out intact and in order among small ones, ${title}`, async t => {
      const stream = new SlowStream(slow)
      const owner = { congested: false, counters: { bytesSent: 0 }, overflowing() {} }
      const writer = new Writer(stream, new Flusher(new FakeClock()), new OutputPool(), owner)
      const sizes = [5, 16_383, 20, 16_384, 0, 65_535, 65_536, 1, 3000, 300_000, 64, 65, 16_370, 7, 70_000]
      const got: mqtt.IPublishPacket[] = []
      const parser = mqtt.parser({ protocolVersion: version })
      parser.on('packet', packet => got.push(packet as mqtt.IPublishPacket))
      let total = 0
      for (const [i, size] of sizes.entries()) {
        const packet = Publish.from({ topic: `t/${i}`, payload: payloadOf(size, i) })
        const how = { qos: 1 as const, retain: i % 2 === 0, dup: i % 3 === 0, messageId: i + 1 }
        total += deliver(writer, packet, version === 5, 1e9, {
          ...how,
          ...{ alias: 0, bare: false, identifiers: null, expiry: -1 }
        })
        if (i % 4 === 3) await turn()
      }
      await turn()
      stream.drain()
      t.equal(stream.bytes.length, total, 'the sizes returned')
      t.equal(writer.bytesWritten, total)
      parser.parse(stream.bytes)
      t.equal(got.length, sizes.length)
      for (const [i, packet] of got.entries()) {
        t.match(packet, { topic: `t/${i}`, messageId: i + 1, retain: i % 2 === 0, dup: i % 3 === 0 })
        const payload = Buffer.from(packet.payload as Buffer)
        t.equal(Buffer.compare(payload, payloadOf(sizes[i]!, i)), 0, `${sizes[i]} bytes`)
      }
    })
  }
}

import type net from 'node:net'
import { duplexPair } from 'node:stream'
import fc from 'fast-check'
import mqtt from 'mqtt-packet'
import t from 'tap'
import { Batches } from '../../bench/load/batches.js'
import { LoadClient } from '../../bench/load/load-client.js'
import { connect, type Level, publish, subscribe } from '../../bench/load/packets.js'

/** What mqtt-packet makes of the bytes of the load generator. */
function parsed(bytes: Buffer, level: Level): mqtt.Packet[] {
  const packets: mqtt.Packet[] = []
  const parser = mqtt.parser({ protocolVersion: level })
  parser.on('packet', packet => packets.push(packet))
  parser.on('error', err => {
    throw err
  })
  parser.parse(bytes)
  return packets
}

t.test('the packets of the load are MQTT', async t => {
  for (const level of [4, 5] as const) {
    t.match(parsed(connect('c', level), level), [
      { cmd: 'connect', clientId: 'c', clean: true, keepalive: 0 }
    ])
    t.match(parsed(connect('c', level, true), level), [{ cmd: 'connect', clean: false }])
    t.match(parsed(subscribe(['a/+', 'b/#'], 1, level), level), [
      { cmd: 'subscribe', subscriptions: [{ topic: 'a/+', qos: 1 }, { topic: 'b/#' }] }
    ])
    for (const qos of [0, 1, 2]) {
      const [packet] = parsed(
        publish({ topic: 'a', qos, size: 200, level }, 7),
        level
      ) as mqtt.IPublishPacket[]
      t.match(packet, { cmd: 'publish', topic: 'a', qos, retain: false, ...(qos > 0 && { messageId: 7 }) })
      t.equal(packet!.payload.length, 200)
    }
  }
})

t.test('batches have all topics in turn, and identifiers that come round late', async t => {
  const batches = new Batches(['a', 'b', 'c'], { qos: 1, size: 16, level: 4 }, 2)
  const seen: mqtt.IPublishPacket[] = []
  for (let i = 0; i < 40_000; i++) seen.push(...(parsed(batches.next(), 4) as mqtt.IPublishPacket[]))
  t.same(
    seen.slice(0, 4).map(({ topic }) => topic),
    ['a', 'b', 'c', 'a']
  )
  t.same(
    seen.slice(0, 3).map(({ messageId }) => messageId),
    [1, 2, 3]
  )
  const again = seen.findIndex(({ messageId }, i) => i > 0 && messageId === 1)
  t.ok(again > 60_000, `identifier 1 comes again after ${again} messages`)
  t.notOk(seen.some(({ messageId }) => messageId === 0 || messageId! > 65_535))
})

t.test('a load client counts and acknowledges what comes, however it is cut into chunks', async () => {
  const packets = [
    publish({ topic: 'a', qos: 0, size: 30, level: 4 }),
    publish({ topic: 'a', qos: 1, size: 300, level: 4 }, 0x1234),
    publish({ topic: 'a', qos: 2, size: 20_000, level: 4 }, 0x2345),
    mqtt.generate({ cmd: 'pubrel', messageId: 0x2345 }),
    mqtt.generate({ cmd: 'puback', messageId: 1 }),
    mqtt.generate({ cmd: 'pubrec', messageId: 2 }),
    mqtt.generate({ cmd: 'pubcomp', messageId: 2 })
  ]
  const bytes = Buffer.concat(packets)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: bytes.length }), { maxLength: 20 }), async cuts => {
      const [near, far] = duplexPair()
      const client = new LoadClient(near as unknown as net.Socket, 4)
      const answers: Buffer[] = []
      far.on('data', chunk => answers.push(chunk))
      let at = 0
      for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
        if (cut > at) far.write(bytes.subarray(at, cut))
        at = cut
      }
      while (client.acknowledged < 2) await new Promise(setImmediate)
      await new Promise(setImmediate)
      const commands = parsed(Buffer.concat(answers), 4).map(({ cmd, messageId }) => [cmd, messageId])
      client.close()
      return (
        client.delivered === 3 &&
        JSON.stringify(commands) ===
          JSON.stringify([
            ['puback', 0x1234],
            ['pubrec', 0x2345],
            ['pubcomp', 0x2345],
            ['pubrel', 2]
          ])
      )
    }),
    { numRuns: 50 }
  )
})

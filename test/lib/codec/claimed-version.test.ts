import fc from 'fast-check'
import t from 'tap'
import { claimedVersion } from '../../../lib/codec/claimed-version.js'
import { field, raw } from '../../../spec-suite/protocol/bytes.js'

/** As seen in the middle of a chunk. */
function claimed(body: Buffer): number | null {
  const chunk = raw([0, 4], body, [0, 4, 0x4d, 0x51, 0x54, 0x54, 5])
  return claimedVersion(chunk, 2, 2 + body.length)
}

t.test('the version whose CONNACK a peer understands [3.1.1 MQTT-3.1.2-2] [5.0 MQTT-3.1.2-2]', async t => {
  const rows: Array<[title: string, body: Buffer, version: number | null]> = [
    ['MQTT 3.1', raw(field('MQIsdp'), [3, 2]), 3],
    ['MQTT 3.1.1', raw(field('MQTT'), [4, 2]), 4],
    ['MQTT 5.0', raw(field('MQTT'), [5, 2]), 5],
    ['nothing after the level', raw(field('MQTT'), [5]), 5],
    ['a level before 3', raw(field('MQTT'), [1]), 4],
    ['a later level', raw(field('MQTT'), [6]), 5],
    ['a bridge of 3.1', raw(field('MQIsdp'), [0x83]), 4],
    ['a bridge of 3.1.1', raw(field('MQTT'), [0x84]), 4],
    ['another protocol', raw(field('HTTP'), [5]), null],
    ['a longer name', raw(field('MQTTMQTT'), [5]), null],
    ['an empty name', raw(field(''), [5]), null],
    ['without a level', field('MQTT'), null],
    ['half a name', raw([0, 4], 'MQ'), null],
    ['one byte', raw([0]), null],
    ['nothing', raw([]), null]
  ]
  for (const [title, body, version] of rows) t.equal(claimed(body), version, title)
})

t.test('whatever the bytes, it answers', async t => {
  const answers = new Set<number | null>()
  const start = fc.constantFrom(raw([]), field('MQTT'), field('MQIsdp'), raw([0, 6], 'MQTT'))
  const check = fc.property(start, fc.uint8Array({ maxLength: 10 }), (start, rest) => {
    answers.add(claimed(raw(start, Buffer.from(rest))))
  })
  t.doesNotThrow(() => fc.assert(check, { numRuns: 2000 }))
  t.strictSame(
    [...answers].filter(answer => answer !== null && ![3, 4, 5].includes(answer)),
    []
  )
  t.ok(answers.size > 2)
})

import t from 'tap'
import { Breach } from '../../spec-suite/protocol/breach.js'
import { assumed } from '../../spec-suite/protocol/broker/facts.js'
import { field, packet, u16 } from '../../spec-suite/protocol/bytes.js'
import { Dialogue, lineText } from '../../spec-suite/protocol/dialogue.js'
import { Scene } from '../../spec-suite/protocol/scene.js'
import type { Version } from '../../spec-suite/protocol/version.js'
import { type Script, scriptedBroker } from '../support/scripted-broker.js'

const accepting: Script = type => (type === 1 ? packet(0x20, [0, 0]) : null)

function sceneOf(script: Script, version: Version = '3.1.1', limit = 40): Scene {
  const dialogue = new Dialogue()
  return new Scene({
    version,
    target: scriptedBroker(script),
    dialogue,
    limit,
    facts: assumed,
    unique: 'abc'
  })
}

/** What a promise was rejected with. */
async function thrown(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => new Error('nothing was thrown'),
    err => err
  )
}

t.test('an answer that does not come is a breach that says what came last', async t => {
  const scene = sceneOf(type =>
    type === 8 ? packet(0x40, u16(9)) : accepting(type, Buffer.alloc(0), null as never)
  )
  const client = await scene.connect({ label: 'reader' })
  const err = await thrown(client.subscribe('a'))
  t.ok(err instanceof Breach)
  t.match(
    err.message,
    /expected SUBACK 1, but nothing of that came to reader within 0.04 s; the last packet was PUBACK, id 9/
  )
  t.match(client.violations, [
    { ids: ['2.3.1-6', '3.3.4-1'], text: 'puback 9 came, and nothing asked for it' }
  ])
})

t.test('a connection that ends is noticed at once, not after the limit', async t => {
  const scene = sceneOf(
    (type, _, stream) => {
      if (type === 12) stream.end()
      return accepting(type, Buffer.alloc(0), stream)
    },
    '3.1.1',
    600_000
  )
  const client = await scene.connect()
  t.match(
    (await thrown(client.ping())).message,
    /expected a PINGRESP, but the connection of client was closed/
  )
})

t.test('a broker that does not close is not said to have closed', async t => {
  const client = await sceneOf(accepting).connect()
  t.match(
    (await thrown(client.closes())).message,
    /expected the broker to close the connection, but nothing of that/
  )
})

t.test('with 3.1.1 a broker says nothing before it closes', async t => {
  const scene = sceneOf((_, __, stream) => {
    stream.end(packet(0x20, [0, 2]))
    return null
  })
  const [one, two] = [await scene.open(), await scene.open()]
  for (const client of [one, two]) client.send(scene.connectPacket())
  t.match(
    (await thrown(one.refuses({}))).message,
    /expected the end, and no CONNACK, but it was CONNACK.*0x02/
  )
  t.equal(await two.refuses({ '3.1.1': [2] }), 2)
})

t.test('with 5.0 a reason may be kept back, but not be another one', async t => {
  for (const [code, passes] of [
    [0x82, true],
    [0x80, true],
    [0x87, false]
  ] as const) {
    const scene = sceneOf((type, _, stream) => {
      if (type === 12) stream.end(packet(0xe0, [code]))
      return type === 1 ? packet(0x20, [0, 0, 0]) : null
    }, '5.0')
    const client = await scene.connect()
    client.send({ cmd: 'pingreq' })
    const err = await thrown(client.closes(0x81))
    t.equal(
      err.message,
      passes
        ? 'nothing was thrown'
        : 'expected DISCONNECT 0x80, 0x81, 0x82, or none, and the end, but it was DISCONNECT, 0x87'
    )
  }
})

t.test(
  'messages before a marker are those that came before it; one that does not come is a breach',
  async t => {
    let marked = true
    const scene = sceneOf((type, frame, stream) => {
      if (type === 8) return packet(0x90, frame.subarray(2, 4), [0])
      if (type !== 3) return accepting(type, frame, stream)
      return marked ? Buffer.concat([packet(0x30, field('suiteabc/a'), 'early'), frame]) : null
    })
    const client = await scene.connect()
    await client.subscribe('suiteabc/a')
    const found = await client.messagesBeforeMarker(client, { qos: 0 })
    t.same(
      found.map(({ text }) => text),
      ['early']
    )
    marked = false
    t.match((await thrown(client.messagesBeforeMarker(client, { qos: 0 }))).message, /expected the marker on/)
  }
)

t.test('a dialogue has every packet in words and in bytes', async t => {
  const dialogue = new Dialogue()
  const scene = new Scene({
    version: '3.1.1',
    target: scriptedBroker(accepting),
    dialogue,
    limit: 40,
    facts: assumed,
    unique: 'abc'
  })
  const client = await scene.connect({ label: 'publisher' })
  client.startPublish('t', 'hi', { retain: true })
  client.raw(Buffer.from([0xff, 0x00]), 'nonsense')
  const text = dialogue.lines.map(lineText).join('\n')
  t.match(text, /publisher +→ CONNECT, client id "sabcn0", clean, keep alive \d+ {3}\[10 /)
  t.match(text, /publisher +← CONNACK, Session Present 0, 0x00 {3}\[20 02 00 00\]/)
  t.match(text, /publisher +→ PUBLISH, "t", QoS 0, RETAIN, "hi" {3}\[31 05 00 01 74 68 69\]/)
  t.match(text, /publisher +→ nonsense {3}\[ff 00\]/)
  t.same([...client.retained], ['t'])
})

t.test('a long dialogue keeps its beginning and its end', async t => {
  const dialogue = new Dialogue()
  for (let i = 0; i < 5000; i++) dialogue.add('c', 'event', `line ${i}`)
  const { lines } = dialogue
  t.ok(lines.length < 700)
  t.equal(lines[0]!.words, 'line 0')
  t.equal(lines.at(-1)!.words, 'line 4999')
  const gap = lines.findIndex(({ words }) => /left out/.test(words))
  const left = Number(/\d+/.exec(lines[gap]!.words)![0])
  t.equal(lines.length - 1 + left, 5000)
})

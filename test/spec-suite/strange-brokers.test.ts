import { once } from 'node:events'
import net from 'node:net'
import t from 'tap'
import { BrokerUnusable, isGood, runSuite, type Target, targetOf } from '../../spec-suite/index.js'
import { Breach } from '../../spec-suite/protocol/breach.js'
import { assumed } from '../../spec-suite/protocol/broker/facts.js'
import { packet, u16 } from '../../spec-suite/protocol/bytes.js'
import { Dialogue, lineText } from '../../spec-suite/protocol/dialogue.js'
import { patientTarget } from '../../spec-suite/protocol/link/patient.js'
import { Scene, type SceneOptions } from '../../spec-suite/protocol/scene.js'
import { type Script, scriptedBroker } from '../support/scripted-broker.js'

const accepting: Script = type => (type === 1 ? packet(0x20, [0, 0]) : null)

function sceneOf(script: Script, more: Partial<SceneOptions> = {}): Scene {
  return new Scene({
    ...{ version: '3.1.1', target: scriptedBroker(script), dialogue: new Dialogue(), limit: 60 },
    ...{ facts: assumed, unique: 'abc', ...more }
  })
}

t.test('a broker that takes one connection and no other cannot be used', async t => {
  let opened = 0
  const link = { write() {}, cut() {}, end() {} }
  const target: Target = {
    ...{ name: 'shy', webSocket: null },
    open: async () => {
      if (opened++ > 0) throw Object.assign(new Error('reset'), { code: 'ECONNRESET' })
      return link
    }
  }
  const err = await runSuite({ target, limit: 50 }).catch(err => err)
  t.type(err, BrokerUnusable)
  t.match(err.message, /^shy does not let a client in .*it closed the connection at once/)
})

t.test('a client that is told goodbye and not closed goes by itself, whatever the limit', async t => {
  const client = await sceneOf(accepting).connect()
  await client.disconnect()
  await t.rejects(client.ping(), Breach)
})

for (const [what, chunk] of [
  ['breaks rules', packet(0x10, [0])],
  ['sends too much', packet(0x30, u16(1), 'a', Buffer.alloc(900_000))]
] as const) {
  t.test(`a broker that never stops and ${what} is cut, which is no end of its own`, async t => {
    let written = 0
    const scene = sceneOf(
      (type, _, stream) => {
        if (type !== 12) return accepting(type, Buffer.alloc(0), stream)
        const timer = setInterval(() => {
          if (stream.destroyed || written > 400_000_000) return clearInterval(timer)
          for (let i = 0; i < 50; i++) written += stream.write(chunk) ? chunk.length : 0
        }, 1)
        stream.on('close', () => clearInterval(timer))
        t.teardown(() => clearInterval(timer))
        return null
      },
      { limit: 20_000 }
    )
    const client = await scene.connect()
    client.send({ cmd: 'pingreq' })
    const err = await client.closes().catch(err => err)
    t.match(err.message, /expected the broker to close the connection, but too much came: \d+ bytes/)
    const count = client.inbox.length
    await new Promise(resolve => setTimeout(resolve, 20))
    t.equal(client.inbox.length, count, 'it listens no more')
  })
}

t.test('a WebSocket handshake that is never answered is given up in time', async t => {
  const server = net.createServer(socket => socket.resume().on('error', () => {})).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const webSocketUrl = `ws://127.0.0.1:${(server.address() as net.AddressInfo).port}`
  const scene = sceneOf(accepting, { facts: { ...assumed, webSocketUrl } })
  await t.rejects(scene.webSocket())
})

t.test('a connection that comes too late is cut', async t => {
  let cuts = 0
  const link = { write() {}, cut: () => void cuts++, end() {} }
  const open = () => new Promise<typeof link>(resolve => setTimeout(() => resolve(link), 40))
  const late = patientTarget({ name: 'late', webSocket: null, open }, 10)
  const closing = new Promise(resolve => setTimeout(resolve, 80))
  await t.rejects(late.open({ data() {}, closed() {}, breach() {} }), { code: 'TIMEOUT' })
  await closing
  t.equal(cuts, 1)
})

t.test('a case that is over opens nothing, and holds no timer', async t => {
  const scene = sceneOf(accepting)
  const client = await scene.connect()
  void scene.seconds(3600)
  scene.close()
  await t.rejects(client.ping(), /was closed/)
  await t.rejects(scene.connect(), { message: 'the case is over' })
})

t.test('a dialogue has no password, in words or in bytes', async t => {
  const dialogue = new Dialogue()
  const password = 'lovelace'
  const sent: Buffer[] = []
  const keeping: Script = (type, frame, stream) => {
    sent.push(frame)
    return accepting(type, frame, stream)
  }
  await sceneOf(keeping, { dialogue, username: 'ada', password }).connect()
  const text = dialogue.lines.map(lineText).join('\n')
  t.ok(sent[0]!.includes(password), 'the broker got it')
  t.notMatch(text, password)
  t.notMatch(
    text,
    Buffer.from(password)
      .toString('hex')
      .replace(/(..)(?=.)/g, '$1 ')
  )
  t.match(text, /2a 2a 2a 2a 2a 2a 2a 2a\]/)
})

t.test('what a broker says cannot write to a terminal', t => {
  const dialogue = new Dialogue()
  dialogue.add('c', 'event', 'a\x1b[31m\u009b2J\u2028\u202eb\tc\nd')
  t.equal(dialogue.lines[0]!.words, 'a\\u001b[31m\\u009b2J\\u2028\\u202eb\tc\nd')
  const { message, expected, received } = new Breach('\x07', '\x1b]0;title')
  t.same(
    [expected, received, message],
    ['\\u0007', '\\u001b]0;title', 'expected \\u0007, but \\u001b]0;title']
  )
  t.end()
})

t.test('options that can mean nothing are told', async t => {
  const target = scriptedBroker(accepting)
  for (const wrong of [
    { limit: 0 },
    { limit: Number.NaN },
    { parallel: 0 },
    { parallel: 1.5 },
    { versions: [] }
  ]) {
    await t.rejects(runSuite({ target, ...wrong }), TypeError, JSON.stringify(wrong))
  }
  t.throws(() => targetOf('mqtt://a%zz:b@localhost'), { name: 'TypeError', message: /write it as %25/ })
  t.throws(() => targetOf('ws://localhost/mqtt#x'), { name: 'TypeError', message: /leave out #x/ })
})

t.test('a version that the capabilities deny is no reason to say nothing', async t => {
  const target = scriptedBroker(accepting)
  const report = await runSuite({
    ...{ target, limit: 60, versions: ['3.1.1'], only: ['granted-qos'], capabilities: { versions: ['5.0'] } }
  })
  t.match(report.results, [{ outcome: 'skipped', reason: 'needs MQTT 3.1.1' }])
  t.ok(isGood(report))
})

t.test('a signal of others is not listened to any more after the run', async t => {
  const { signal } = new AbortController()
  const removed: string[] = []
  signal.removeEventListener = (type: string) => void removed.push(type)
  await runSuite({ target: scriptedBroker(accepting), limit: 40, only: ['3.1.1:granted-qos'], signal })
  t.same(removed, ['abort'])
})

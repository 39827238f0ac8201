import t from 'tap'
import { LineError } from '../../../middlewares/level-backend/tools/fields.js'
import { Import } from '../../../middlewares/level-backend/tools/import.js'
import { clear, openForImport, openForReading } from '../../../middlewares/level-backend/tools/opening.js'
import { FakeDb } from './fake-db.js'
import { Hosted, publish } from './hosted.js'

type Line = Record<string, unknown>

const header = { format: 'stackmq-data', version: 1 }
const session = { type: 'session', clientId: 'c', expiryInterval: 5, expiresAt: null, subscriptions: [] }
const packet = { topic: 't', payload: { utf8: 'x' }, qos: 1, retain: false, expiresAt: null }
const of = { clientId: 'c', qos: 1, retain: false, identifiers: null }
const queued = { type: 'queued', ...of, message: packet }
const inflight = { type: 'inflight', ...of, messageId: 1, awaits: 'puback', message: packet }
const incoming = { type: 'incoming', clientId: 'c', messageId: 1, awaits: 'pubrel' }
const retained = { type: 'retained', message: packet }
const will = { type: 'will', clientId: 'c', delay: 0, dueAt: null, message: packet }
const filter = { topic: 'a/#', qos: 0, nl: false, rap: false, rh: 0 }

/** Imports lines; gives the store, and the number of the line that is wrong and why. */
async function importing(lines: readonly unknown[]) {
  const db = new FakeDb()
  const one = new Import(db)
  await one.begin()
  let at = 0
  try {
    for (const line of lines) {
      at++
      await one.line(typeof line === 'string' ? line : JSON.stringify(line))
    }
    at++
    await one.end()
    return { db, wrong: '' }
  } catch (err) {
    if (!(err instanceof LineError)) throw err
    return { db, wrong: `${at}: ${err.message}` }
  }
}

/** The same line with a field changed, by its path. */
function changed(line: Line, path: string, value: unknown): Line {
  const copy = structuredClone(line) as Line
  const names = path.split('.')
  const last = names.pop()!
  const owner = names.reduce((object, name) => object[name] as Line, copy)
  if (value === undefined) delete owner[last]
  else owner[last] = value
  return copy
}

function paths(line: Line, prefix = ''): string[] {
  return Object.entries(line).flatMap(([name, value]) => {
    const inner = value && typeof value === 'object' && !Array.isArray(value)
    return [`${prefix}${name}`, ...(inner ? paths(value as Line, `${prefix}${name}.`) : [])]
  })
}

t.test('every field of every line is needed and checked, and no other is taken', async t => {
  const subscribed = { ...session, subscriptions: [filter] }
  for (const line of [subscribed, queued, inflight, incoming, retained, will] as Line[]) {
    const before = line.type === 'session' ? [header] : [header, session]
    const at = before.length + 1
    t.equal((await importing([...before, line, { type: 'end', lines: at - 1 }])).wrong, '')
    for (const path of paths(line)) {
      for (const value of [undefined, { no: 1 }, -1, 1.5, [{}]]) {
        const { wrong } = await importing([...before, changed(line, path, value)])
        t.match(wrong, new RegExp(`^${at}: .*(is missing|give )`), `${line.type} ${path} ${value}`)
      }
    }
    for (const path of ['foreign', '__proto__', ...(line.message ? ['message.foreign'] : [])]) {
      const text = JSON.stringify(changed(line, path.replace('__proto__', 'toBeProto'), 1))
      const { wrong } = await importing([...before, text.replace('toBeProto', '__proto__')])
      t.equal(wrong, `${at}: ${path} is no field of it: remove or rename it`)
    }
  }
})

t.test('what MQTT does not allow is told with its line', async t => {
  const cases: Array<[text: RegExp, ...lines: unknown[]]> = [
    [/^1: it is no JSON/, '{'],
    [/^1: it is \[\]: give an object/, '[]'],
    [/^1: it is not the beginning of an export/, session],
    [/^1: the export is of a newer version \(format 2/, { ...header, version: 2 }],
    [/^2: type is "sessio": give session or inflight/, header, { type: 'sessio' }],
    [/^2: type is "constructor"/, header, { type: 'constructor' }],
    [/^2: clientId is "": give the id/, header, { ...session, clientId: '' }],
    [/^2: clientId is .*U\+0000/, header, { ...session, clientId: 'a\0' }],
    [/^2: expiresAt is 5: give null/, header, { ...session, expiryInterval: null, expiresAt: 5 }],
    [/^3: the session of c was given before/, header, session, session],
    [/^2: subscriptions\[0\]\.topic is "a\/#\/b": give a topic filter/, header, subscribing('a/#/b')],
    [/^2: subscriptions\[0\]\.nl is true: give false/, header, subscribing('$share/g/a', { nl: true })],
    [/^2: subscriptions\[0\]\.identifier is 0/, header, subscribing('a', { identifier: 0 })],
    [/^2: the subscription to a is given twice/, header, { ...subscribing('a'), ...twice('a') }],
    [/^2: clientId is "c": give the line of its session first/, header, queued],
    [/^3: clientId is "d": give "c"/, header, session, { ...queued, clientId: 'd' }],
    [/^4: clientId is "c": give "d"/, header, session, { ...session, clientId: 'd' }, queued],
    [/^3: awaits is "pubrec": give puback, for QoS 1/, header, session, { ...inflight, awaits: 'pubrec' }],
    [/^3: awaits is "puback": give pubrec or/, header, session, { ...inflight, qos: 2 }],
    [/^3: qos is 0/, header, session, { ...inflight, qos: 0 }],
    [/^4: messageId 1 was given before/, header, session, inflight, inflight],
    [/^4: messageId 1 was given before/, header, session, incoming, incoming],
    [/^3: identifiers is \[0\]/, header, session, { ...queued, identifiers: [0] }],
    [/^3: shared is 1: give a number of .* before/, header, session, { type: 'queued', ...of, shared: 1 }],
    [/^3: shared is 2: give an integer from 1 to 1/, header, session, { ...queued, shared: 2 }],
    [
      /^4: shared is 1: give 2, the next/,
      header,
      session,
      { ...queued, shared: 1 },
      { ...queued, shared: 1 }
    ],
    [/^3: the retained message of t was given before/, header, retained, retained],
    [/^2: message\.payload is empty/, header, changed(retained, 'message.payload', { utf8: '' })],
    [
      /^2: message\.payload\.base64 is "\?": give base64/,
      header,
      changed(retained, 'message.payload', { base64: '?' })
    ],
    [
      /^2: message\.payload\.utf8 is .*: give a text/,
      header,
      changed(retained, 'message.payload', { utf8: '\ud800' })
    ],
    [/^2: message\.topic is "a\/\+"/, header, changed(retained, 'message.topic', 'a/+')],
    [/^2: message\.properties\.topicAlias is no field/, header, withProperties({ topicAlias: 1 })],
    [/^2: message\.properties\.responseTopic is "a\/#"/, header, withProperties({ responseTopic: 'a/#' })],
    [/^2: message\.properties\.contentType is 1: give a text/, header, withProperties({ contentType: 1 })],
    [
      /^2: message\.properties\.userProperties is \["a"\]/,
      header,
      withProperties({ userProperties: [['a']] })
    ],
    [
      /^2: correlationData has 65536/,
      header,
      withProperties({ correlationData: { utf8: 'x'.repeat(65536) } })
    ],
    [/^3: the will of c was given before/, header, will, will],
    [/^2: it is missing: the export was cut/, header],
    [/^3: lines is 2: give 1/, header, session, { type: 'end', lines: 2 }],
    [/^3: it comes after the end/, header, { type: 'end', lines: 0 }, session]
  ]
  for (const [text, ...lines] of cases) t.match((await importing(lines)).wrong, text)
})

function subscribing(topic: string, rest: Line = {}): Line {
  return { ...session, subscriptions: [{ ...filter, topic, ...rest }] }
}

function twice(topic: string): Line {
  return {
    subscriptions: [
      { ...filter, topic },
      { ...filter, topic }
    ]
  }
}

function withProperties(properties: Line): Line {
  return { type: 'retained', message: { ...packet, properties } }
}

t.test('a part of an import is refused by brokers and tools, and removed by the next import', async t => {
  const { db } = await importing([header, session, retained])
  await t.rejects(Hosted.on(db), { code: 'STACK_STORAGE' })
  await t.rejects(openForReading(db, 'dir'), {
    ...{ code: 'STACK_STORAGE', message: /dir holds an import that did not finish: import it again/ }
  })
  const opened = db.opened
  await openForImport(db, 'dir')
  t.same([...db.entries.keys()], [])
  t.equal(db.opened, opened + 1)
})

t.test('batches are written on the way, and what says that it is a store comes last', async t => {
  const messages = Array.from({ length: 5000 }, (_, i) =>
    changed(queued, 'message.payload', { utf8: `${i}` })
  )
  const { db, wrong } = await importing([header, session, ...messages, { type: 'end', lines: 5001 }])
  t.equal(wrong, '')
  t.ok(db.batches.length >= 4)
  t.same(db.batches[0], ['!format'])
  t.same(db.batches.at(-1), ['!format'])
  t.ok(db.synced.at(-1) && db.synced.at(-2), 'and the disk has all before it')
  const hosted = await Hosted.on(db)
  t.same(
    await hosted.payloads('c'),
    messages.slice(0, 1000).map((_, i) => `${i}`)
  )
  hosted.queue('c', publish('later'))
  await hosted.commit()
  const all = await hosted.queued('c', 6000)
  t.equal(all.at(-1)!.message.packet.payload.toString(), 'later', 'what comes later is behind it')
  await hosted.stack.stop()
})

t.test('a store is opened without a change; one with data takes no import', async t => {
  const empty = new FakeDb()
  await t.rejects(openForReading(empty, 'dir'), { message: /dir holds no store yet/ })
  t.equal(empty.entries.size, 0)
  const hosted = await Hosted.on()
  await hosted.stack.stop()
  const { db } = hosted
  const keys = [...db.entries.keys()]
  await openForReading(db, 'dir')
  await openForImport(db, 'dir')
  t.same([...db.entries.keys()], keys, 'and an empty one does')
  db.entries.set('rt', Buffer.from('x'))
  await t.rejects(openForImport(db, 'dir'), {
    message: /dir holds the data of a broker already: import into/
  })
  db.entries.set('!format', Buffer.from('stackmq 999'))
  for (const open of [openForReading, openForImport]) {
    await t.rejects(open(db, 'dir'), { message: /newer version \(format 999/ })
  }
  await clear(db)
  t.equal(db.entries.size, 0)
})

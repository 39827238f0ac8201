import { deepStrictEqual as deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { OutgoingMessage, Publish, QoS } from '../../../lib/index.js'
import { check } from '../../../middlewares/level-backend/tools/check.js'
import { exportStore } from '../../../middlewares/level-backend/tools/export.js'
import { Import } from '../../../middlewares/level-backend/tools/import.js'
import { FakeDb } from './fake-db.js'
import { Hosted, message, publish } from './hosted.js'

const clients = ['anna', 'böb', 'c/+#']

/** Something that a broker stores, by an index into `clients`. */
type Step = (hosted: Hosted, contents: readonly Publish[]) => unknown

const bytes = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 20 }).map(array => Buffer.from(array)),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }).map(text => Buffer.from(text))
)
const word = fc.stringMatching(/^[a-zäöü€ "\\]{1,8}$/)
const qos = fc.constantFrom<QoS>(0, 1, 2)
const content = fc
  .record({
    payload: bytes,
    ...{ topic: word, qos, retain: fc.boolean(), expiresAt: fc.constantFrom(0, 1, 2 ** 48 - 1) },
    properties: fc.option(
      fc.record(
        {
          payloadFormatIndicator: fc.boolean(),
          messageExpiryInterval: fc.nat(),
          ...{ contentType: word, responseTopic: word, correlationData: bytes },
          userProperties: fc.array(fc.tuple(word, word), { maxLength: 3 })
        },
        { requiredKeys: [] }
      ),
      { nil: undefined }
    )
  })
  .map(fields => publish('', fields))
const delivery = {
  ...{ client: fc.nat(2), content: fc.nat(3), qos, retain: fc.boolean() },
  identifiers: fc.option(fc.array(fc.integer({ min: 1, max: 268_435_455 }), { maxLength: 3 }))
}
const messageId = fc.integer({ min: 1, max: 3 })
const time = fc.option(fc.integer({ min: 0, max: 2 ** 50 }))
const seconds = fc.constantFrom(0, 1, 0xffff_ffff)

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.nat(2), seconds, time).map(
    ([client, expiryInterval, expiresAt]): Step =>
      hosted => {
        return hosted.run('storeSession', {
          session: { clientId: clients[client]!, expiryInterval, expiresAt }
        })
      }
  ),
  fc.record({ client: fc.nat(2), topic: word, qos, nl: fc.boolean(), rap: fc.boolean(), id: fc.nat(3) }).map(
    ({ client, id, ...options }): Step =>
      hosted => {
        const subscription = { ...options, rh: 1, ...(id > 0 && { identifier: id }) } as const
        return hosted.run('storeSubscription', { clientId: clients[client]!, subscription })
      }
  ),
  // To some of them, which is what makes it a message that is stored once.
  fc.record(delivery).map(
    ({ client, content, ...rest }): Step =>
      (hosted, contents) => {
        for (const clientId of clients.slice(client)) {
          const sent = message(contents[content]!, rest)
          hosted.stack.chain('storeOfflineMessage').tell({ clientId, message: sent }, { refused: false })
        }
      }
  ),
  fc.record({ ...delivery, qos: fc.constantFrom<QoS>(1, 2), messageId, released: fc.boolean() }).map(
    ({ client, content, ...rest }): Step =>
      (hosted, contents) => {
        const sent = message(contents[content]!, { ...rest, released: rest.released && rest.qos === 2 })
        hosted.send(clients[client]!, sent)
      }
  ),
  fc.tuple(fc.nat(2), messageId).map(
    ([client, messageId]): Step =>
      hosted => {
        return hosted.run('storeIncoming', { clientId: clients[client]!, messageId })
      }
  ),
  fc.nat(2).map(
    (client): Step =>
      hosted =>
        hosted.removeSession(clients[client]!)
  ),
  fc.nat(2).map(
    (client): Step =>
      hosted => {
        return hosted.run('clearOfflineMessages', { clientId: clients[client]! })
      }
  ),
  fc.nat(3).map(
    (at): Step =>
      (hosted, contents) => {
        return hosted.run('storeRetainedMessage', { packet: contents[at]! }, { replaced: null })
      }
  ),
  fc.tuple(fc.nat(2), fc.nat(3), seconds, time).map(
    ([client, at, delay, dueAt]): Step =>
      (hosted, contents) => {
        const will = { clientId: clients[client]!, packet: contents[at]!, delay, dueAt }
        return hosted.run('storeWill', { will })
      }
  ),
  fc.constant<Step>(hosted => hosted.commit())
)

async function exported(db: FakeDb) {
  const lines: string[] = []
  const { counts, problems } = await exportStore(db, async line => {
    lines.push(JSON.stringify(line))
  })
  return { lines, counts, problems: problems.texts }
}

async function imported(lines: readonly string[]): Promise<FakeDb> {
  const db = new FakeDb()
  const importing = new Import(db)
  await importing.begin()
  for (const line of lines) await importing.line(line)
  await importing.end()
  return db
}

/** What a broker that starts on it finds. */
async function found(db: FakeDb): Promise<unknown> {
  const hosted = await Hosted.on(db)
  const all = []
  for (const clientId of clients) {
    const queue = await hosted.queued(clientId)
    const { messages } = await hosted.run('lookupInflight', { clientId }, { messages: [] })
    const { messageIds } = await hosted.run('lookupIncoming', { clientId }, { messageIds: [] })
    const session = await hosted.run('lookupSession', { clientId }, {})
    const usage = await hosted.run('lookupOfflineUsage', { clientId }, { count: 0, bytes: 0 })
    const kept = await hosted.run('lookupSubscriptions', { clientId }, { subscriptions: [] })
    all.push({ clientId, session, kept, usage, messageIds, sent: messages.map(seen) })
    all.push(queue.map(({ message }) => seen(message)))
  }
  const wills = await hosted.run('lookupWills', { limit: 100 }, { items: [] })
  all.push(wills.items.map(will => ({ ...will, packet: contentOf(will.packet as Publish) })))
  const kept = await hosted.run('lookupRetainedMessages', { filter: '#', limit: 100 }, { items: [] })
  const topics = kept.items.map(packet => JSON.stringify(contentOf(packet as Publish))).sort()
  const use = await hosted.run('lookupRetainedUsage', { limit: 100 }, { items: [] })
  all.push(
    topics,
    [...use.items].sort((a, b) => (a.topic < b.topic ? -1 : 1))
  )
  await hosted.stack.stop()
  deepEqual(hosted.errors, [])
  return all
}

const seen = ({ packet, ...rest }: OutgoingMessage) => ({ ...rest, ...contentOf(packet as Publish) })
const contentOf = ({ topic, payload, qos, retain, expiresAt, properties }: Publish) => ({
  ...{ topic, payload: payload.toString('hex'), packetQos: qos, packetRetain: retain, expiresAt },
  ...{ properties: { ...properties } }
})

t.test('an export that is imported is the same store: for exports, for brokers, and for check', async t => {
  const contents = fc.array(content, { minLength: 4, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(contents, fc.array(step, { maxLength: 25 }), async (contents, steps) => {
      const hosted = await Hosted.on()
      for (const step of steps) await step(hosted, contents)
      await hosted.commit()
      // What is still to be cleared away is there, and is no part of it.
      const db = hosted.crashed()
      await hosted.cleared()
      await hosted.stack.stop()
      const first = await exported(db)
      deepEqual(first.problems, [])
      const copy = await imported(first.lines)
      const second = await exported(copy)
      deepEqual(second.lines, first.lines)
      deepEqual(second.counts, first.counts)
      deepEqual((await check(copy)).problems, [])
      deepEqual(await found(copy), await found(db))
    }),
    { numRuns: 100, seed: 5 }
  )
  t.pass('for a hundred stores')
})

async function filled(): Promise<FakeDb> {
  const hosted = await Hosted.on()
  for (const clientId of ['c', 'd']) {
    await hosted.run('storeSession', { session: { clientId, expiryInterval: 5, expiresAt: 7 } })
  }
  const subscription = { topic: '$share/g/a/+', qos: 1, nl: false, rap: true, rh: 2, identifier: 9 } as const
  await hosted.run('storeSubscription', { clientId: 'c', subscription })
  const shared = publish('shared')
  for (const name of ['c', 'd']) hosted.queue(name, shared)
  hosted.queue('c', publish('\x01', { properties: { userProperties: [['a', 'b']] } as never }))
  await hosted.commit()
  const sent = (messageId: number, released: boolean) =>
    hosted.send('c', message(publish('sent'), { messageId, qos: 2, released }))
  sent(9, false)
  sent(2, false)
  await hosted.commit()
  // Which is a record of its own.
  sent(9, true)
  hosted.send('c', message(publish('sent'), { messageId: 5 }))
  await hosted.run('storeIncoming', { clientId: 'c', messageId: 3 })
  await hosted.run('storeRetainedMessage', { packet: publish('kept', { expiresAt: 8 }) }, { replaced: null })
  await hosted.commit()
  await hosted.stack.stop()
  return hosted.db
}

t.test('the lines of an export', async t => {
  const { lines, counts } = await exported(await filled())
  const packet = (payload: object) => ({ topic: 't', payload, qos: 1, retain: false, expiresAt: null })
  const of = (clientId: string, qos: number) => ({ clientId, qos, retain: false, identifiers: null })
  const sent = { message: packet({ utf8: 'sent' }) }
  const [header, ...rest] = lines.map(line => JSON.parse(line))
  t.same(header, { format: 'stackmq-data', version: 1 })
  t.same(rest, [
    {
      ...{ type: 'session', clientId: 'c', expiryInterval: 5, expiresAt: 7 },
      subscriptions: [{ topic: '$share/g/a/+', qos: 1, nl: false, rap: true, rh: 2, identifier: 9 }]
    },
    { type: 'inflight', messageId: 9, awaits: 'pubcomp', ...of('c', 2), ...sent },
    { type: 'inflight', messageId: 2, awaits: 'pubrec', ...of('c', 2), ...sent },
    { type: 'inflight', messageId: 5, awaits: 'puback', ...of('c', 1), ...sent },
    { type: 'incoming', clientId: 'c', messageId: 3, awaits: 'pubrel' },
    { type: 'queued', ...of('c', 1), shared: 1, message: packet({ utf8: 'shared' }) },
    {
      ...{ type: 'queued', ...of('c', 1) },
      message: { ...packet({ base64: 'AQ==' }), properties: { userProperties: [['a', 'b']] } }
    },
    { type: 'session', clientId: 'd', expiryInterval: 5, expiresAt: 7, subscriptions: [] },
    { type: 'queued', ...of('d', 1), shared: 1 },
    { type: 'retained', message: { ...packet({ utf8: 'kept' }), expiresAt: 8 } },
    { type: 'end', lines: 10 }
  ])
  t.match(counts, { sessions: 2, subscriptions: 1, inflight: 3, incoming: 1, queued: 3, retained: 1 })
})

t.test('a message for several sessions is one content again after an import', async t => {
  const db = await imported((await exported(await filled())).lines)
  t.equal(db.keys('m').length, 1)
  const hosted = await Hosted.on(db)
  for (const name of ['c', 'd']) hosted.removeSession(name)
  await hosted.cleared()
  t.same(db.keys('m'), [], 'which goes with the last of them')
  await hosted.stack.stop()
})

t.test('what cannot be read is told and left out, and the rest is complete', async t => {
  const cases: Array<[kind: string, text: RegExp]> = [
    ['e', /the session of c cannot be read and is left out/],
    ['i', /message 2 in flight to c cannot be read/],
    ['q', /a message that waits for c cannot be read/],
    ['r', /the retained message of t cannot be read/],
    ['m', /a message that waits for c cannot be read/]
  ]
  for (const [kind, text] of cases) {
    const db = await filled()
    db.entries.set(db.keys(kind)[0]!, Buffer.from([0xff]))
    const { lines, problems } = await exported(db)
    t.match(problems[0], text, kind)
    t.match(JSON.parse(lines.at(-1)!), { type: 'end', lines: lines.length - 2 })
    t.same((await check(await imported(lines))).problems, [], `${kind}: what is left can be imported`)
  }
  const db = await filled()
  db.entries.delete(db.keys('m')[0]!)
  t.match((await exported(db)).problems.join(), /c cannot be read.*is missing.*d cannot be read/)
  t.match((await check(db)).problems.join(), /message \d+ is missing, which 2 records refer to/)
  const orphaned = await filled()
  orphaned.entries.delete('cd')
  t.match((await exported(orphaned)).problems.join(), /a session belongs to no session.*queued message/)
})

t.test('an export waits for who reads it, and ends with what that one throws', async t => {
  let under = 0
  let most = 0
  await exportStore(await filled(), async () => {
    most = Math.max(most, ++under)
    await new Promise(resolve => setImmediate(resolve))
    under--
  })
  t.equal(most, 1)
  const fails = exportStore(await filled(), () => Promise.reject(new Error('gone')))
  await t.rejects(fails, { message: 'gone' })
})

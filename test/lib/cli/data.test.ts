import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable, Writable } from 'node:stream'
import t from 'tap'
import { CommandError } from '../../../lib/cli/command-error.js'
import { dataCommand } from '../../../lib/cli/data/command.js'
import { dataHelp } from '../../../lib/cli/data/help.js'
import { Progress } from '../../../lib/cli/data/progress.js'
import { dataSettings } from '../../../lib/cli/data/settings.js'
import { run } from '../../../lib/cli/run.js'
import { createBroker } from '../../../lib/index.js'
import { tcpPeer } from '../../support/net-peer.js'
import { patient } from './command.js'
import { FakeProcess } from './fake-process.js'

interface Streams {
  input?: Readable
  output?: Writable
}

/** Runs `stackmq data` in this process. */
async function data(args: readonly string[], streams: Streams = {}, own = new FakeProcess()) {
  const { input = Readable.from([]), output = new PassThrough().resume() } = streams
  try {
    const code = await dataCommand(args, own, { input, output })
    return { code, printed: own.printed, complaints: own.complaints }
  } catch (err) {
    if (!(err instanceof CommandError)) throw err
    return { code: err.code, printed: own.printed, complaints: err.lines.join('\n') }
  }
}

async function exported(directory: string): Promise<string> {
  const output = new PassThrough({ highWaterMark: 1 })
  let text = ''
  output.on('data', chunk => {
    text += chunk
  })
  const { code, complaints } = await data(['export', directory], { output })
  if (code !== 0) throw new Error(complaints)
  return text
}

/** Resolves when signals are heard. */
function listensTo(own: FakeProcess): Promise<void> {
  const on = own.on.bind(own)
  return new Promise(resolve => {
    own.on = (event, listener) => {
      on(event, listener)
      if (event === 'SIGTERM') resolve()
    }
  })
}

/** A broker on a directory, and a client of it. */
async function broker(data: string) {
  const broker = createBroker({ data })
  const [{ port }] = (await broker.listen({ port: 0 })) as unknown as [{ port: number }]
  // A disk takes as long as it takes.
  const connect = async () => patient(await tcpPeer({ host: '127.0.0.1', port }, 5))
  return { broker, connect }
}

const connecting = { clientId: 's', clean: false, properties: { sessionExpiryInterval: 1000 } }
const publishing = { cmd: 'publish', topic: 'a/b', dup: false } as const

/** With a session that has a message in flight whose PUBREC has come, and two that wait. */
async function filled(directory: string): Promise<void> {
  const { broker: own, connect } = await broker(directory)
  const subscriber = await connect()
  await subscriber.connect(connecting)
  await subscriber.subscribe('a/#', { qos: 2 })
  const publisher = await connect()
  await publisher.connect({ clientId: 'p' })
  const send = async (messageId: number, payload: string) => {
    publisher.send({ ...publishing, payload, qos: 1, messageId, retain: payload === 'kept' })
    await publisher.next('puback')
  }
  publisher.send({ ...publishing, payload: 'sent', qos: 2, messageId: 9, retain: false })
  await publisher.next('pubrec')
  publisher.send({ cmd: 'pubrel', messageId: 9 })
  await publisher.next('pubcomp')
  const { messageId } = await subscriber.next('publish')
  subscriber.send({ cmd: 'pubrec', messageId: messageId! })
  await subscriber.next('pubrel')
  subscriber.cut()
  await send(1, 'one')
  await send(2, 'kept')
  await own.close()
}

t.test('what was exported and imported goes on where it was', async t => {
  const dir = t.testdir({})
  const [old, file, made] = [join(dir, 'old'), join(dir, 'backup.jsonl'), join(dir, 'deep', 'new')]
  await filled(old)
  t.match(await data(['check', old]), { code: 0, printed: /queued messages +2 +7\n/, complaints: '' })
  const told =
    '1 session, 1 subscription, 1 retained message, 2 queued messages, 1 message in flight to clients'
  const saved = await data(['export', old, '--output', file])
  t.same(saved, { code: 0, printed: `exported ${told} to ${file}\n`, complaints: '' })
  t.same(readdirSync(dir).sort(), ['backup.jsonl', 'old'])
  const brought = await data(['import', made, '--input', file])
  t.same(brought, { code: 0, printed: `imported ${told} into ${made}\n`, complaints: '' })
  t.equal(await exported(made), readFileSync(file, 'utf8'))
  t.match(await data(['check', made]), { code: 0, printed: /no problems/ })

  const { broker: again, connect } = await broker(made)
  const subscriber = await connect()
  t.match(await subscriber.connect(connecting), { sessionPresent: true })
  const { messageId } = await subscriber.next('pubrel')
  subscriber.send({ cmd: 'pubcomp', messageId: messageId! })
  for (const payload of ['one', 'kept']) {
    t.equal((await subscriber.next('publish')).payload.toString(), payload)
  }
  await again.close()
})

t.test('a store in use is refused with what the broker says, and so is what is none', async t => {
  const dir = t.testdir({ file: 'x', other: { 'notes.txt': 'x' }, empty: {} })
  const at = (name: string) => join(dir, name)
  const { broker: running } = await broker(at('used'))
  for (const action of ['check', 'export', 'import']) {
    t.match(await data([action, at('used')]), {
      code: 1,
      complaints: /used is in use by another broker: stop/
    })
    t.match(await data([action, at('file')]), { code: 1, complaints: /file is a file: give a directory/ })
  }
  await running.close()
  for (const action of ['check', 'export']) {
    t.match(await data([action, at('no')]), { code: 1, complaints: /no does not exist: give the directory/ })
    t.match(await data([action, at('empty')]), { code: 1, complaints: /empty holds no store: give/ })
    t.match(await data([action, at('other')]), { code: 1, complaints: /other holds no store: give/ })
  }
  t.notOk(existsSync(at('no')), 'and it is not made')
  t.same(readdirSync(at('empty')), [])
  t.match(await data(['import', at('other')]), {
    code: 1,
    complaints: /holds other files \(notes.txt\): give/
  })
})

t.test('an import that is wrong leaves nothing, and an import into data changes nothing', async t => {
  const dir = t.testdir({ wrong: '{"format":"stackmq-data","version":1}\n\n{"type":"session"}\n', empty: {} })
  const at = (name: string) => join(dir, name)
  const wrong = ['--input', at('wrong')]
  const complaints = `${at('wrong')}, line 3: clientId is missing\nnothing was imported`
  t.same(await data(['import', at('a/b'), ...wrong]), { code: 1, printed: '', complaints })
  t.notOk(existsSync(at('a')))
  t.same(await data(['import', at('empty'), ...wrong]), { code: 1, printed: '', complaints })
  t.match(await data(['check', at('empty')]), { code: 1, complaints: /holds no store yet/ })
  await filled(at('full'))
  const before = await exported(at('full'))
  t.match(await data(['import', at('full'), ...wrong]), { code: 1, complaints: /holds the data of a broker/ })
  t.equal(await exported(at('full')), before)
  const cut = Readable.from([Buffer.from(before.slice(0, 300)), Buffer.from(before.slice(300, -30))])
  t.match(await data(['import', at('empty')], { input: cut }), {
    complaints: /standard input, line \d+: it is no JSON/
  })
  t.match(await data(['import', at('empty'), '--input', at('no')]), {
    complaints: /--input .*no does not exist/
  })
  const terminal = Object.assign(Readable.from([]), { isTTY: true })
  t.match(await data(['import', at('empty')], { input: terminal }), { code: 2, complaints: /--input FILE/ })
})

t.test('lines are taken apart wherever chunks end, and must be UTF-8', async t => {
  const dir = t.testdir({})
  await filled(join(dir, 'old'))
  const text = await exported(join(dir, 'old'))
  const bytes = Buffer.from(text.replaceAll('\n', '\r\n\n').trimEnd())
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) =>
    bytes.subarray(i * 7, i * 7 + 7)
  )
  const made = await data(['import', join(dir, 'new')], { input: Readable.from(pieces) })
  t.match(made, { code: 0, complaints: '' })
  t.equal(await exported(join(dir, 'new')), text)
  for (const [chunk, complaint] of [
    [Buffer.from([0x22, 0xff, 0x0a]), /line 1: it is not UTF-8/],
    [Buffer.alloc(70_000, 0x61), /line 1: it is too long/]
  ] as const) {
    t.match(await data(['import', join(dir, 'x')], { input: Readable.from([chunk]) }), {
      complaints: complaint
    })
  }
})

t.test('an export whose reader or disk goes away leaves no file that looks complete', async t => {
  const dir = t.testdir({})
  await filled(join(dir, 'old'))
  const output = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }))
  })
  t.match(await data(['export', join(dir, 'old')], { output }), {
    code: 1,
    complaints: /its reader has gone/
  })
  writeFileSync(join(dir, 'file'), 'before')
  const own = new FakeProcess()
  const listening = listensTo(own)
  const stopped = data(['export', join(dir, 'old'), '--output', join(dir, 'file')], {}, own)
  await listening
  own.emit('SIGTERM')
  t.match(await stopped, { code: 1, complaints: 'stopped by SIGTERM' })
  t.equal(readFileSync(join(dir, 'file'), 'utf8'), 'before')
  t.notOk(existsSync(join(dir, 'file.part')))
  mkdirSync(join(dir, 'folder'))
  const folder = await data(['export', join(dir, 'old'), '--output', join(dir, 'folder')])
  t.match(folder, { code: 1, complaints: /--output .*folder is a folder/ })
})

t.test('an import that waits for its input is stopped by a signal', async t => {
  const dir = t.testdir({})
  const own = new FakeProcess()
  const input = new PassThrough()
  const listening = listensTo(own)
  const importing = data(['import', join(dir, 'new')], { input }, own)
  await listening
  own.emit('SIGINT')
  t.match(await importing, { code: 1, complaints: 'stopped by SIGINT' })
  t.notOk(existsSync(join(dir, 'new')))
})

t.test('problems are sentences, with exit code 1 and what to do', async t => {
  const dir = t.testdir({})
  await filled(join(dir, 'old'))
  const { Level } = await import('level')
  const db = new Level<string, Buffer>(join(dir, 'old'), { valueEncoding: 'buffer' })
  for await (const key of db.keys({ gte: 'q', lt: 'r' })) await db.put(key, Buffer.from([0xff]))
  await db.close()
  const { code, printed } = await data(['check', join(dir, 'old')])
  t.equal(code, 1)
  t.match(printed, /\n\d problems:\n {2}a queued message \(q\S+\) cannot be read/)
  t.match(printed, /stackmq data export \S+ \| stackmq data import NEW\n$/)
  const saved = await data(['export', join(dir, 'old')])
  t.match(saved, {
    code: 1,
    complaints: /stackmq: a message that waits for s cannot be read and is left out/
  })
})

t.test('the command line', async t => {
  t.same(dataSettings(['export', 'x', '--output', 'y']), { what: 'export', directory: 'x', file: 'y' })
  t.same(dataSettings(['import', 'x', '--input=y']), { what: 'import', directory: 'x', file: 'y' })
  t.same(dataSettings(['check', 'x']), { what: 'check', directory: 'x', file: null })
  const wrong = (line: string) => data(line.split(' ').filter(Boolean))
  t.match(await wrong(''), { code: 2, complaints: /say what to do .*stackmq data check DIR/ })
  t.match(await wrong('chek x'), {
    code: 2,
    complaints: "data does not know 'chek': did you mean stackmq data check?"
  })
  t.match(await wrong('check'), { code: 2, complaints: 'the directory is missing: stackmq data check DIR' })
  t.match(await wrong('check x --output y'), {
    code: 2,
    complaints: '--output belongs to stackmq data export'
  })
  t.match(await wrong('export x --input y'), {
    code: 2,
    complaints: '--input belongs to stackmq data import'
  })
  const own = new FakeProcess()
  for (const args of [
    ['data', '--help'],
    ['help', 'data'],
    ['data', 'check', '--help']
  ]) {
    own.printed = ''
    t.equal(await run(args, own), 0)
    t.equal(own.printed, dataHelp())
  }
  for (const line of dataHelp().split('\n')) t.ok(line.length <= 120, line)
})

t.test('what takes longer than two seconds is told, on a terminal in one line', t => {
  for (const terminal of [true, false]) {
    const own = new FakeProcess({}, terminal)
    let now = 0
    const progress = new Progress(own, () => now)
    const steps = () => {
      for (let i = 0; i < 256; i++) progress.step('lines')
    }
    steps()
    now = 1999
    steps()
    t.equal(own.complaints, '')
    now = 2000
    steps()
    t.equal(own.complaints, terminal ? '\r\x1b[2K768 lines' : 'stackmq: 768 lines\n')
    progress.end()
    t.equal(own.complaints.endsWith('\r\x1b[2K'), terminal)
  }
  t.end()
})

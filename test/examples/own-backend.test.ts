import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Middleware } from '../../lib/index.js'
import { backendSuite } from '../../spec-suite/index.js'
import { connect, type Example, nextMessage, runExample } from '../support/example.js'

type OwnBackend = Example & {
  FileRetained: new (file: string) => Middleware & { messages: Map<string, { payload: Buffer }> }
}

t.test('own-backend: retained messages are in the file before they are acknowledged', async t => {
  const file = join(t.testdir(), 'retained.bin')
  const { broker, FileRetained } = await runExample<OwnBackend>(t, 'own-backend', { FILE: file })
  t.match(broker.stack.explain(), 'storeRetainedMessage: FileRetained\n')
  t.match(broker.stack.explain(), 'storeSession: MemorySessions\n', 'the other groups are in memory')
  const stored = () =>
    [...new FileRetained(file).messages].map(([topic, { payload }]) => `${topic} ${payload}`)
  const client = await connect(t, { broker })
  t.notOk(existsSync(file))
  await client.publishAsync('lamp/kitchen', 'on', { qos: 1, retain: true })
  t.same(stored(), ['lamp/kitchen on'])
  await client.publishAsync('lamp/hall', 'off', { qos: 2, retain: true })
  await client.publishAsync('lamp/kitchen', '', { qos: 1, retain: true })
  t.same(stored(), ['lamp/hall off'])
  const message = nextMessage(client)
  await client.subscribeAsync('lamp/+')
  t.equal(await message, 'lamp/hall off')
})

t.test('own-backend: it keeps the contract of storage, also after a restart', async t => {
  const { FileRetained } = await runExample<OwnBackend>(t, 'own-backend')
  const folder = t.testdir()
  let files = 0
  await backendSuite({
    test: (name, fn) => t.test(name, fn),
    create: () => new FileRetained(join(folder, `${++files}`)),
    reopen: before => new FileRetained((before as unknown as { file: string }).file)
  })
})

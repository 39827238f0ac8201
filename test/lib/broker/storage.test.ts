import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type BrokerOptions, createBroker, StackError } from '../../../lib/index.js'

function problems(options: unknown): readonly string[] {
  try {
    createBroker(options as BrokerOptions)
    return []
  } catch (err) {
    t.equal((err as StackError).code, 'STACK_INVALID_OPTIONS')
    return (err as StackError).problems
  }
}

t.test('without data everything is in memory, with it everything is on disk', async t => {
  const chains = (options: BrokerOptions) => createBroker(options).stack.explain()
  t.match(chains({}), 'storeSession: MemorySessions\n')
  t.notMatch(chains({}), 'Level')
  const stored = chains({ data: join(t.testdir({}), 'data') })
  for (const [callback, part] of [
    ['storeSession', 'LevelSessions'],
    ['storeSubscription', 'LevelSubscriptions'],
    ['storeRetainedMessage', 'LevelRetained'],
    ['storeInflight', 'LevelInflight'],
    ['storeOfflineMessage', 'LevelOffline'],
    ['storeWill', 'LevelWills'],
    ['commit', 'LevelCommit']
  ]) {
    t.match(stored, `${callback}: ${part}`)
  }
  t.notMatch(stored, 'Memory')
})

t.test('options of storage are checked with all others', async t => {
  t.same(problems({ data: '', durability: 'paper', maximumStoredBytes: -1, maximumQoS: 3 }), [
    'maximumQoS is 3: give an integer from 0 to 2',
    'data is missing: give the directory to store in',
    "durability is paper: give 'os' or 'disk'",
    'maximumStoredBytes is -1: give an integer of at least 0'
  ])
  for (const data of ['', null, 5, {}])
    t.match(problems({ data }), [/^data is .*: give the directory to store in$/])
  for (const durability of ['', null, true, 'OS']) {
    t.same(problems({ data: 'd', durability }), [`durability is ${durability}: give 'os' or 'disk'`])
  }
  for (const value of [-1, 1.5, Number.NaN, '1']) {
    t.same(problems({ data: 'd', maximumStoredBytes: value }), [
      `maximumStoredBytes is ${value}: give an integer of at least 0`
    ])
  }
  for (const durability of ['os', 'disk', undefined]) {
    for (const maximumStoredBytes of [0, 1_000_000, Number.POSITIVE_INFINITY, undefined]) {
      t.same(problems({ data: 'd', durability, maximumStoredBytes }), [])
    }
  }
  t.match(problems({ Data: 'd' }), [/did you mean 'data'\?$/])
})

t.test('what is only for storage needs a place to store in', async t => {
  t.same(problems({ durability: 'disk', maximumStoredBytes: 1 }), [
    'durability needs data: give the directory to store in',
    'maximumStoredBytes needs data: give the directory to store in'
  ])
  t.same(problems({ data: undefined, durability: undefined }), [])
})

t.test('createBroker() touches no disk; a directory is made when the broker starts', async t => {
  const data = join(t.testdir({}), 'deep', 'data')
  const broker = createBroker({ data })
  t.notOk(existsSync(data))
  await broker.start()
  t.ok(existsSync(data))
  await broker.close()
})

t.test('a directory that cannot be made is an error that says what to do', async t => {
  const dir = t.testdir({ file: 'x' })
  for (const data of [join(dir, 'file'), join(dir, 'file', 'data')]) {
    const broker = createBroker({ data })
    const err: StackError = await broker.listen(0).catch(err => err)
    t.type(err, StackError)
    t.equal(err.code, 'STACK_STORAGE')
    t.ok(err.message.includes(`${data} cannot be opened (`))
    t.match(err.message, /check that it is a directory, that this user may write there/)
    t.same(broker.listeners, [], 'and nothing is open')
    await broker.close()
  }
})

t.test('a directory that another broker uses is refused, and that one goes on', async t => {
  const data = join(t.testdir({}), 'data')
  const first = createBroker({ data })
  await first.start()
  const second = createBroker({ data })
  await t.rejects(second.listen(0), {
    code: 'STACK_STORAGE',
    message:
      `[STACK_STORAGE] ${data} is in use by another broker: stop that one, ` +
      'or give this one a directory of its own'
  })
  t.same(second.listeners, [])
  await second.close()
  await first.retained.set('still', 'here')
  await first.close()
  const third = createBroker({ data })
  t.match(await third.retained.get('still'), { payload: Buffer.from('here') })
  await third.close()
})

t.test('a directory with files of somebody else is left alone', async t => {
  const data = t.testdir({ 'diary.txt': 'dear diary' })
  const broker = createBroker({ data })
  await broker.start()
  await broker.close()
  t.ok(existsSync(join(data, 'diary.txt')))
  writeFileSync(join(data, 'CURRENT'), 'nonsense')
  await t.rejects(createBroker({ data }).start(), { code: 'STACK_STORAGE', message: /is damaged/ })
})

import { join } from 'node:path'
import t from 'tap'
import { misfits } from '../../../lib/cli/misfits.js'
import { parseOptions } from '../../../lib/cli/parse.js'
import { run } from '../../../lib/cli/run.js'
import { settingsOf } from '../../../lib/cli/settings.js'
import { tcpPeer } from '../../support/net-peer.js'
import { Command, ran } from './command.js'
import { FakeProcess } from './fake-process.js'

const parsed = (...args: string[]) => parseOptions(args, {})

t.test('options of storage become those of createBroker()', async t => {
  const { values } = parsed('--data', '/var/lib/mq', '--durability', 'disk', '--max-stored-bytes', '2G')
  t.same(settingsOf(values).broker, {
    ...{ strict: false, data: '/var/lib/mq', durability: 'disk', maximumStoredBytes: 2 ** 31 }
  })
  t.same(misfits(values), [])
  const { values: other } = parseOptions([], { STACKMQ_DATA: 'd', STACKMQ_DURABILITY: 'os' })
  t.match(settingsOf(other).broker, { data: 'd', durability: 'os' })
  t.match(settingsOf(parsed('--data', 'd', '--max-stored-bytes', 'unlimited').values).broker, {
    maximumStoredBytes: Number.POSITIVE_INFINITY
  })
})

t.test('wrong ones are exit code 2, a line each', async t => {
  const wrong: Array<[args: string[], lines: string[]]> = [
    [['--durability', 'disk'], ['--durability needs --data']],
    [['--max-stored-bytes', '1M'], ['--max-stored-bytes needs --data']],
    [['--data', 'd', '--durability', 'paper'], ["--durability is 'paper': give os or disk"]],
    [['--data', 'd', '--max-stored-bytes', '-1'], []]
  ]
  for (const [args, lines] of wrong) {
    const own = new FakeProcess()
    t.equal(await run(['start', ...args], own), 2, args.join(' '))
    if (lines.length > 0) t.equal(own.complaints, lines.map(line => `stackmq: ${line}\n`).join(''))
    t.equal(own.logged, '')
  }
  t.match(parsed('--data').problems, [/--data/])
})

t.test('a directory that cannot be used is exit code 1, in one line, and no port is open', async t => {
  const dir = t.testdir({ file: 'x' })
  const data = join(dir, 'file', 'data')
  const own = new FakeProcess()
  const exit = run(['start', '--port', '0', '--data', data], own)
  t.equal(await Promise.race([exit, own.saw('ready')]), 1)
  t.match(
    own.complaints,
    /^stackmq: [^\n]* cannot be opened \([^\n]*\): check that it is a directory[^\n]*\n$/
  )
  t.ok(own.complaints.includes(data))
  t.equal(own.logged, '')
})

t.test('two processes do not share a directory; the next one finds what the last one stored', async t => {
  const data = join(t.testdir({}), 'data')
  const command = new Command(['start', '--port', '0', '--data', data])
  const { tcp } = await command.ready()
  t.same(await ran(['start', '--port', '0', '--data', data]), {
    ...{ code: 1, stdout: '' },
    stderr: `stackmq: ${data} is in use by another broker: stop that one, or give this one a directory of its own\n`
  })
  const peer = await tcpPeer({ port: tcp, host: '127.0.0.1' })
  peer.patience = Number.POSITIVE_INFINITY
  await peer.connect({ clientId: 'c' })
  const message = { cmd: 'publish', topic: 'a', payload: 'x', qos: 1, retain: true } as const
  peer.send({ ...message, messageId: 1, dup: false })
  await peer.next('puback')
  command.child.kill('SIGKILL')
  t.equal(await command.exited, 'SIGKILL')
  const own = new FakeProcess()
  const exit = run(['start', '--port', '0', '--data', data, '--durability', 'disk'], own)
  await own.saw('ready')
  const { port } = own.lines.find(({ url }) => url) as unknown as { port: number }
  const again = await tcpPeer({ port, host: '127.0.0.1' })
  again.patience = Number.POSITIVE_INFINITY
  await again.connect({ clientId: 'c' })
  await again.subscribe('#')
  t.match(await again.next('publish'), { topic: 'a', retain: true })
  own.emit('SIGTERM')
  t.equal(await exit, 0)
})

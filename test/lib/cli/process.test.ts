import t from 'tap'
import { thisProcess } from '../../../lib/cli/process.js'

t.test('stands for the process it runs in', async t => {
  const target = { write: () => {} }
  const own = thisProcess(() => target)
  t.equal(own.env, process.env)
  t.equal(own.isTerminal, process.stdout.isTTY === true)
  t.equal(own.logTarget(), target)
  await own.print('')
  own.complain('')
  const before = process.listenerCount('SIGTERM')
  const listener = () => {}
  own.on('SIGTERM', listener)
  t.equal(process.listenerCount('SIGTERM'), before + 1)
  process.off('SIGTERM', listener)
})

t.test('a reader of its output that goes away is no error', async t => {
  thisProcess(() => ({ write: () => {} }))
  const gone = Object.assign(new Error('EPIPE'), { code: 'EPIPE' })
  t.doesNotThrow(() => process.stdout.emit('error', gone))
  t.doesNotThrow(() => process.stderr.emit('error', gone))
})

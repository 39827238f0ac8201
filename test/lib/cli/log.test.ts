import t from 'tap'
import { createLog, flushed, standardOutput } from '../../../lib/cli/log.js'

function target() {
  const lines: string[] = []
  return { lines, write: (line: string) => lines.push(line) }
}

t.test('writes a JSON object a line', async t => {
  const out = target()
  createLog({ level: 'info', format: 'json' }, out).info({ port: 1 }, 'hello')
  const { time, ...line } = JSON.parse(out.lines[0]!)
  t.same(line, { level: 30, port: 1, msg: 'hello' })
  t.type(time, 'number')
  t.match(out.lines[0], /\n$/)
})

t.test('writes a line for people', async t => {
  const out = target()
  const log = createLog({ level: 'info', format: 'pretty' }, out)
  log.info({ protocol: 'tcp', port: 1, url: 'x', client: 'a\x1b[31m\nb' }, 'hello')
  t.equal(out.lines.length, 1)
  t.match(out.lines[0], /^\[\d\d:\d\d:\d\d\] INFO: hello \{"client":"a\\u001b\[31m\\nb"\}\n$/)
})

t.test('colours are for terminals', async t => {
  const out = target()
  createLog({ level: 'info', format: 'pretty', color: true }, out).info('hello')
  t.ok(out.lines[0]!.includes('\u001b['))
})

t.test('leaves out what is below the level', async t => {
  for (const level of ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const) {
    const out = target()
    const log = createLog({ level, format: 'json' }, out)
    for (const one of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) log[one](one)
    const written = out.lines.map(line => JSON.parse(line).msg)
    const all = ['fatal', 'error', 'warn', 'info', 'debug', 'trace']
    t.same(written, all.slice(0, all.indexOf(level) + 1).reverse(), level)
  }
})

t.test('an error comes with its stack', async t => {
  for (const format of ['json', 'pretty'] as const) {
    const out = target()
    createLog({ level: 'info', format }, out).fatal({ err: new TypeError('boom') }, 'uncaught')
    const text = out.lines.join('')
    t.match(text, /TypeError: boom/)
    t.match(text, /log\.test\.ts/)
  }
})

t.test('a fatal line is flushed at once, whatever the format', async t => {
  for (const format of ['json', 'pretty'] as const) {
    let flushes = 0
    const log = createLog({ level: 'info', format }, { ...target(), flushSync: () => flushes++ })
    log.error('still here')
    t.equal(flushes, 0)
    log.fatal('gone')
    t.equal(flushes, 1, format)
  }
})

t.test('waits until everything is written', async t => {
  let done: (() => void) | undefined
  const waiting = flushed({ write: () => {}, flush: cb => (done = cb) })
  let over = false
  waiting.then(() => (over = true))
  await new Promise(resolve => setImmediate(resolve))
  t.equal(over, false)
  done?.()
  await waiting
  t.equal(over, true)
  await flushed({ write: () => {} })
})

t.test('standard output that breaks is no error', async t => {
  const out = standardOutput() as unknown as NodeJS.EventEmitter
  t.doesNotThrow(() => out.emit('error', Object.assign(new Error('EPIPE'), { code: 'EPIPE' })))
  const other = standardOutput() as unknown as NodeJS.EventEmitter
  t.doesNotThrow(() => other.emit('error', Object.assign(new Error('EBADF'), { code: 'EBADF' })))
})

import { once } from 'node:events'
import net from 'node:net'
import t from 'tap'
import { Command, clientOf } from './command.js'

/** Throws where nobody catches when it gets SIGUSR2. */
const fault = "data:text/javascript,process.on('SIGUSR2',()=>{throw new TypeError('boom')})"
const rejection = "data:text/javascript,process.on('SIGUSR2',()=>{Promise.reject(new RangeError('boom'))})"

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  t.test(`${signal} stops it cleanly: DISCONNECT 0x8B to everybody, exit code 0`, async t => {
    const command = new Command(['start', '--port', '0'])
    const { tcp } = await command.ready()
    const peer = await clientOf({ port: tcp })
    await peer.connect({ clientId: 'c' })
    command.child.kill(signal)
    t.equal((await peer.next('disconnect')).reasonCode, 0x8b)
    t.equal(await command.exited, 0)
    t.match(await command.next('stopping'), { signal })
    t.match(await command.next('client disconnected'), { client: 'c', reason: /shutting down/ })
    t.match(await command.next('stopped'), { level: 30 })
    t.equal(command.stderr, '')
  })
}

t.test('a second signal ends it at once, with the code shells know', async t => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143]
  ] as const) {
    const command = new Command(['start', '--port', '0', '--drain-timeout', '1h', '--linger-timeout', '1h'])
    const { tcp } = await command.ready()
    // Never closes its half of the connection: a clean stop would wait for it.
    const socket = net.connect({ port: tcp, host: '127.0.0.1', allowHalfOpen: true })
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.write(Buffer.from('101000044d5154540502003c00000300016300'.replace('1010', '1012'), 'hex'))
    command.child.kill('SIGTERM')
    await command.next('stopping')
    command.child.kill(signal)
    t.equal(await command.exited, code)
    socket.destroy()
  }
})

t.test('an error that nobody caught is logged, exit code 1', async t => {
  for (const [code, type] of [
    [fault, 'TypeError'],
    [rejection, 'RangeError']
  ] as const) {
    const command = new Command(['start', '--port', '0'], { node: ['--import', code] })
    await command.ready()
    command.child.kill('SIGUSR2')
    const line = await command.next('uncaught error')
    t.match(line, { level: 60, err: { type, message: 'boom', stack: /data:text\/javascript/ } })
    t.equal(await command.exited, 1)
  }
})

t.test('a reader of the log that goes away does not stop the broker', async t => {
  const command = new Command(['start', '--port', '0'])
  const { tcp } = await command.ready()
  command.child.stdout!.destroy()
  for (let i = 0; i < 3; i++) {
    const peer = await clientOf({ port: tcp })
    t.equal((await peer.connect({ clientId: `c${i}` })).reasonCode, 0)
    await peer.nothing()
    peer.cut()
  }
  t.equal(await command.stop(), 0)
  t.equal(command.stderr, '')
})

t.test('a broken client hurts nobody', async t => {
  const command = new Command(['start', '--port', '0'])
  const { tcp } = await command.ready()
  const good = await clientOf({ port: tcp })
  await good.connect({ clientId: 'good' })
  const bad = await clientOf({ port: tcp })
  bad.raw(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
  await bad.end()
  t.match(await command.next('refused'), { level: 40, client: '', count: 1 })
  await good.nothing()
  good.cut()
  t.equal(await command.stop(), 0)
})

import { once } from 'node:events'
import net from 'node:net'
import t from 'tap'
import { run } from '../../../lib/cli/run.js'
import { ca, caFile, client, clientFiles, server } from '../../support/certs.js'
import { tcpPeer, tlsPeer } from '../../support/net-peer.js'
import { shortFolder } from './command.js'
import { FakeProcess } from './fake-process.js'

const dir = t.testdir({ 'server.pem': server.cert, 'server.key': server.key, password: 'geheim\n' })

async function started(line: string, own = new FakeProcess()) {
  const exit = run(['start', ...line.split(' ')], own)
  await Promise.race([
    own.saw('ready'),
    exit.then(code => Promise.reject(new Error(`${code} ${own.complaints}`)))
  ])
  const ports = Object.fromEntries(
    own.lines.filter(({ url }) => url).map(({ protocol, port }) => [protocol, port])
  )
  const stop = async (signal: 'SIGINT' | 'SIGTERM' = 'SIGTERM') => {
    own.emit(signal)
    return exit
  }
  return { own, ports, stop }
}

t.test('listens, says where and how to try it, and stops on a signal', async t => {
  const { own, ports, stop } = await started('--port 0 --ws-port 0')
  t.same(
    own.lines.map(({ msg }) => msg),
    [
      `listening on mqtt://localhost:${ports.tcp}`,
      `listening on ws://localhost:${ports.ws}/mqtt`,
      `try it: mosquitto_sub -p ${ports.tcp} -v -t 'test/#'`,
      `try it: mosquitto_pub -p ${ports.tcp} -t test/hello -m hello`,
      `try it: new WebSocket('ws://localhost:${ports.ws}/mqtt', 'mqtt')`,
      'ready'
    ]
  )
  const peer = await tcpPeer({ port: ports.tcp, host: '127.0.0.1' })
  t.equal((await peer.connect({ clientId: 'c' })).reasonCode, 0)
  t.equal(await stop('SIGINT'), 0)
  t.equal((await peer.next('disconnect')).reasonCode, 0x8b, 'server shutting down')
  t.same(
    own.lines.slice(6).map(({ msg }) => msg),
    ['client connected', 'stopping', 'client disconnected', 'stopped']
  )
  t.same(own.exits, [])
})

t.test('a second signal ends it at once', async t => {
  const { own, ports, stop } = await started('--port 0 --drain-timeout 60s')
  // Never reads, so that a clean stop has to wait for it.
  const socket = net.connect(ports.tcp!, '127.0.0.1')
  await once(socket, 'connect')
  t.teardown(() => socket.destroy())
  const stopped = stop('SIGINT')
  t.same(own.exits, [])
  own.emit('SIGTERM')
  own.emit('SIGINT')
  t.same(own.exits, [143, 130])
  socket.destroy()
  t.equal(await stopped, 0)
})

t.test('a port that is taken is one line, exit code 1, and everything else is closed again', async t => {
  const taken = net.createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const { port } = taken.address() as net.AddressInfo
  const own = new FakeProcess()
  t.equal(await run(['start', '--ws-port', '0', '--port', `${port}`], own), 1)
  t.equal(
    own.complaints,
    `stackmq: cannot listen: 127.0.0.1, port ${port} is taken: another program listens there; ` +
      'stop it or choose another port\n'
  )
  t.equal(own.logged, '')
})

t.test('an uncaught error is fatal: logged with its stack, exit code 1', async t => {
  const { own, stop } = await started('--port 0')
  own.emit('uncaughtException', new TypeError('boom'))
  await new Promise(resolve => setImmediate(resolve))
  t.same(own.exits, [1])
  const line = own.lines.find(({ level }) => level === 60)!
  t.match(line, { msg: 'uncaught error: this is a bug', err: { type: 'TypeError', message: 'boom' } })
  t.match((line.err as { stack: string }).stack, /start\.test\.ts/)
  t.equal(await stop(), 0)
})

t.test('people get a line they can read, with colours unless they do not want them', async t => {
  const folder = shortFolder(t)
  const color = await started(`--unix ${folder}/a.sock`, new FakeProcess({}, true)).then(
    async ({ own, stop }) => {
      await stop()
      return own.logged
    }
  )
  t.ok(color.includes(`listening on unix://${folder}/a.sock`))
  t.ok(color.includes('\u001b['))
  const plain = await started(`--unix ${folder}/b.sock`, new FakeProcess({ NO_COLOR: '1' }, true))
  await plain.stop()
  t.match(plain.own.logged, /^\[\d\d:\d\d:\d\d\] INFO: listening on unix:/)
  t.notOk(plain.own.logged.includes('\u001b['))
})

t.test('the format that is asked for wins over the terminal', async t => {
  const { own, stop } = await started('--port 0 --log-format json', new FakeProcess({}, true))
  await stop()
  t.equal(own.lines.length, own.logged.trimEnd().split('\n').length)
})

t.test('a user needs the password of the file', async t => {
  const { ports, stop } = await started(
    `--port 0 --host 127.0.0.1 --username ada --password-file ${dir}/password`
  )
  const answer = async (credentials: object) => {
    const peer = await tcpPeer({ port: ports.tcp, host: '127.0.0.1' })
    const { reasonCode } = await peer.connect(credentials)
    peer.cut()
    return reasonCode
  }
  t.equal(await answer({ username: 'ada', password: Buffer.from('geheim') }), 0)
  t.equal(await answer({ username: 'ada', password: Buffer.from('geheim\n') }), 0x86)
  t.equal(await answer({}), 0x87)
  t.equal(await stop(), 0)
})

t.test(
  'TLS with a client certificate: who has one needs no password, who has none is not let in',
  async t => {
    const files = `--tls-cert ${dir}/server.pem --tls-key ${dir}/server.key --tls-ca ${caFile}`
    const { own, ports, stop } = await started(`--tls-port 0 ${files} --tls-require-client-cert`)
    t.ok(own.logged.includes(`--cafile ${caFile} --cert`))
    const peer = await tlsPeer({ port: ports.tls!, host: '127.0.0.1', ca, ...client })
    t.equal((await peer.connect({ clientId: 'c' })).reasonCode, 0)
    const stranger = await tlsPeer({ port: ports.tls!, host: '127.0.0.1', ca })
    await t.rejects(stranger.connect({ clientId: 'd' }), /connection ended/)
    t.equal(await stop(), 0)
    t.ok(clientFiles.cert)
  }
)

t.test('trace has every step of a packet, and why one refused it', async t => {
  const { own, ports, stop } = await started('--port 0 --log-level trace --username a --password b')
  const peer = await tcpPeer({ port: ports.tcp, host: '127.0.0.1' })
  await peer.connect({ clientId: 'c' })
  t.equal(await stop(), 0)
  const steps = own.lines.filter(({ msg, step }) => msg === 'step' && step === 'connect')
  t.match(
    steps.map(({ middleware, outcome }) => `${middleware} ${outcome}`),
    ['PacketLog next', 'Connection next', 'Authentication refused']
  )
  t.match(steps[2], { client: 'c', topic: null, err: { type: 'MqttError', message: /anonymous/ } })
})

t.test('the middleware that logs packets is only there when it has something to write', async t => {
  for (const [level, packets] of [
    ['info', 0],
    ['debug', 2]
  ] as const) {
    const { own, ports, stop } = await started(`--port 0 --log-level ${level}`)
    const peer = await tcpPeer({ port: ports.tcp, host: '127.0.0.1' })
    await peer.connect({ clientId: 'c' })
    const seen = own.lines.filter(({ direction }) => direction)
    t.equal(seen.length, packets, level)
    t.equal(await stop(), 0)
  }
})

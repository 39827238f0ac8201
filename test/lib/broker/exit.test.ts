import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net, { type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import mqtt from 'mqtt-packet'
import t from 'tap'
import { ca } from '../../support/certs.js'
import { tcpPeer, tlsPeer, webSocket, wsPeer } from '../../support/net-peer.js'

const program = fileURLToPath(new URL('../../support/programs/closes.ts', import.meta.url))

function start() {
  const child = spawn(process.execPath, [...process.execArgv, program], {
    stdio: ['pipe', 'pipe', 'inherit']
  })
  t.teardown(() => child.kill())
  return child
}

async function doorsOf(
  child: ReturnType<typeof start>
): Promise<Record<string, { port: number; url: string }>> {
  const [line] = await once(child.stdout, 'data')
  return JSON.parse(line)
}

/** A connection whose owner says this and then never reads, answers or hangs up. */
async function stubborn(port: number, bytes: string | Buffer): Promise<Socket> {
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => {})
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  if (bytes.length > 0) socket.write(bytes)
  return socket.pause()
}

async function ending(child: ReturnType<typeof start>): Promise<unknown[]> {
  const ended = once(child, 'exit')
  child.stdin.end('close\n')
  return ended
}

t.test('after close() nothing keeps the process alive', async t => {
  const child = start()
  const { tcp, tls, ws, wss, attached } = await doorsOf(child)
  const peers = [
    await tcpPeer({ port: tcp!.port, host: '127.0.0.1' }),
    await tlsPeer({ port: tls!.port, host: '127.0.0.1', ca }),
    await wsPeer(ws!.url),
    await wsPeer(wss!.url, { ca }),
    await wsPeer(`ws://127.0.0.1:${attached!.port}/mqtt`)
  ]
  // The broker is in another process, which takes its time.
  for (const peer of peers) peer.patience = Number.POSITIVE_INFINITY
  for (const [i, peer] of peers.entries()) await peer.connect({ clientId: `c${i}` })
  const exited = ending(child)
  for (const peer of peers) t.equal((await peer.next('disconnect')).reasonCode, 0x8b)
  t.same(await exited, [0, null])
})

t.test('nor do peers that neither answer nor hang up', async t => {
  const child = start()
  const { tcp, tls, ws, wss } = await doorsOf(child)
  const connect = mqtt.generate({
    cmd: 'connect',
    clientId: 'x',
    protocolVersion: 5,
    clean: true,
    keepalive: 0
  })
  await stubborn(tcp!.port, '')
  await stubborn(tcp!.port, connect)
  await stubborn(tls!.port, '')
  await stubborn(tls!.port, Buffer.from('160301', 'hex'))
  await stubborn(wss!.port, Buffer.from('160301', 'hex'))
  await stubborn(ws!.port, '')
  await stubborn(ws!.port, 'GET /mqtt HTTP/1.1\r\nHost: x\r\n')
  const idle = await stubborn(ws!.port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  idle.resume()
  await once(idle, 'data')
  const silent = await webSocket(ws!.url)
  silent.send(connect)
  await once(silent, 'message')
  silent.pause()
  t.same(await ending(child), [0, null])
  silent.terminate()
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createBroker } from '../../../lib/index.js'
import { tcpPeer } from '../../support/net-peer.js'

/** The folders of tap are too deep: the path of a socket has at most 107 bytes. */
function shortDir(t: Test): string {
  const dir = mkdtempSync(join(tmpdir(), 'smq-'))
  t.teardown(() => rmSync(dir, { recursive: true }))
  return dir
}

const tests: Record<string, (t: Test) => Promise<void>> = {
  async 'MQTT over a Unix socket, whose file goes with the broker'(t) {
    const path = join(shortDir(t), 'mqtt.sock')
    const broker = createBroker()
    const [listener] = await broker.listen({ path })
    t.match(listener, { protocol: 'unix', name: 'unix', port: 0, url: `unix://${path}` })
    const peer = await tcpPeer({ path })
    t.equal((await peer.connect()).reasonCode, 0)
    t.match(broker.clients.get('peer')!.info, { listener: 'unix', transport: 'unix', local: true })
    await broker.close()
    t.notOk(existsSync(path))
  },

  async 'a socket file that a dead process left behind is replaced'(t) {
    const path = join(shortDir(t), 'mqtt.sock')
    const code = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`
    const dead = spawn(process.execPath, ['-e', code])
    await once(dead.stdout, 'data')
    dead.kill('SIGKILL')
    await once(dead, 'exit')
    t.ok(lstatSync(path).isSocket(), 'it is there')
    await using broker = createBroker()
    await broker.listen(`unix://${path}`)
    const peer = await tcpPeer({ path })
    t.equal((await peer.connect()).reasonCode, 0)
  },

  async 'a socket that somebody answers on is not replaced'(t) {
    const path = join(shortDir(t), 'mqtt.sock')
    await using first = createBroker()
    await first.listen({ path })
    await using second = createBroker()
    await t.rejects(second.listen({ path }), {
      code: 'STACK_LISTEN',
      message: `[STACK_LISTEN] ${path} is taken: another program listens there; stop it or choose another path`
    })
    const peer = await tcpPeer({ path })
    t.equal((await peer.connect()).reasonCode, 0)
  },

  async 'a file that is no socket is left alone'(t) {
    const path = join(shortDir(t), 'notes.txt')
    writeFileSync(path, 'dear diary')
    await using broker = createBroker()
    await t.rejects(broker.listen({ path }), { code: 'STACK_LISTEN' })
    t.equal(readFileSync(path, 'utf8'), 'dear diary')
  },

  async 'a folder that does not exist is a clear error'(t) {
    const path = join(shortDir(t), 'none', 'mqtt.sock')
    await using broker = createBroker()
    await t.rejects(broker.listen({ path }), {
      code: 'STACK_LISTEN',
      message: /none\/mqtt\.sock (cannot be made: its folder does not exist|may not be opened by this user)/
    })
  },

  async 'a path that is too long is a clear error, and not a shorter path'(t) {
    const path = join(shortDir(t), 'x'.repeat(120))
    await using broker = createBroker()
    await t.rejects(broker.listen({ path }), {
      code: 'STACK_INVALID_OPTIONS',
      problems: [/^the path of the socket has 1\d\d bytes: the system takes at most 10\d$/]
    })
  },

  async 'maxConnections holds for a Unix socket'(t) {
    const path = join(shortDir(t), 'mqtt.sock')
    await using broker = createBroker()
    await broker.listen({ path, maxConnections: 1 })
    const first = await tcpPeer({ path })
    await first.connect()
    const second = net.connect(path)
    second.resume().on('error', () => {})
    await once(second, 'close')
    t.equal(broker.stats().clients.total, 1)
    await first.nothing()
  }
}

// Windows has named pipes instead.
if (process.platform !== 'win32') for (const [title, run] of Object.entries(tests)) t.test(title, run)

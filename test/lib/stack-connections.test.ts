import { duplexPair } from 'node:stream'
import t from 'tap'
import { type Client, type Hooks, Stack } from '../../lib/index.js'
import { each } from '../support/each.js'
import { FakeClock, turn } from '../support/fake-clock.js'
import { Peer } from '../support/peer.js'
import { letIn } from '../support/tiny.js'

async function running(...middlewares: Hooks[]) {
  const errors: Array<{ err: Error; id: string | undefined; cmd: string | undefined }> = []
  const clock = new FakeClock()
  const stack = await new Stack({
    clock,
    onError: (err, client, packet) => errors.push({ err, id: client?.id, cmd: packet?.cmd })
  })
    .use(letIn(), ...middlewares)
    .start()
  t.teardown(async () => {
    const stopped = stack.stop()
    clock.advance(60_000)
    await stopped
  })
  return { stack, clock, errors }
}

t.test('install in order when a connection is made, uninstall in reverse, once, when it is over', async t => {
  const log: string[] = []
  const one = (name: string): Hooks => ({
    name,
    install: client => void log.push(`install ${name} ${client.isOpen}`),
    uninstall: client => void log.push(`uninstall ${name} ${client.isOpen}`)
  })
  const { stack } = await running(one('A'), one('B'))
  const told: Client[] = []
  stack.on('client', client => told.push(client))
  for (const end of ['cut', 'close', 'destroy'] as const) {
    log.length = 0
    const peer = new Peer(stack)
    t.same(log, ['install A true', 'install B true'])
    t.equal(told.at(-1), peer.client)
    t.ok(stack.connections.has(peer.client!))
    await peer.connect()
    if (end === 'cut') peer.cut()
    else if (end === 'close') peer.client!.close('AdministrativeAction')
    else peer.client!.destroy()
    await turn()
    if (end !== 'close') peer.stream.destroy()
    await turn()
    t.same(log.slice(2), ['uninstall B false', 'uninstall A false'], end)
    t.notOk(stack.connections.has(peer.client!), end)
  }
})

t.test('what uninstall() throws is reported and keeps nobody else from being told', async t => {
  const log: string[] = []
  const { stack, errors } = await running(
    { uninstall: () => void log.push('first') },
    {
      uninstall() {
        throw new Error('cannot uninstall')
      }
    }
  )
  const peer = new Peer(stack)
  await peer.connect({ clientId: 'a' })
  peer.cut()
  await turn()
  t.same(log, ['first'])
  each(t, errors, [{ err: { message: 'cannot uninstall' }, id: 'a' }])
})

t.test('a connection that a middleware cannot install is ended, not let in without it', async t => {
  const log: string[] = []
  const { stack, errors } = await running(
    { uninstall: () => void log.push('uninstalled') },
    {
      install() {
        throw new Error('cannot install')
      }
    }
  )
  const [near, far] = duplexPair()
  near.resume()
  t.equal(stack.handler()(far), null)
  each(t, errors, [{ err: { message: 'cannot install' } }])
  t.same(log, ['uninstalled'])
  await new Promise(resolve => near.once('end', resolve))
})

t.test('a connection whose peer does not read its last bytes is given up after lingerTimeout', async t => {
  const { stack, clock } = await running()
  const peer = new Peer(stack)
  await peer.connect()
  peer.stream.pause()
  peer.client!.close('AdministrativeAction')
  await turn()
  t.equal(stack.connections.size, 1, 'it may still read')
  clock.advance(3000)
  await turn()
  t.equal(stack.connections.size, 0)
})

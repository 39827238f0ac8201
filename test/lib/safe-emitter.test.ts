import t, { type Test } from 'tap'
import { type Client, createBroker, type StackOptions } from '../../lib/index.js'
import { FakeClock, turn } from '../support/fake-clock.js'
import { Peer } from '../support/peer.js'

async function running(t: Test, options: StackOptions = {}) {
  const clock = new FakeClock()
  const broker = createBroker({ clock, ...options })
  t.teardown(() => broker.close())
  await broker.start()
  return { broker, clock, stack: broker.stack }
}

/** What Node is told instead of the program. */
function warnings(t: Test): string[] {
  const texts: string[] = []
  const heard = ({ message }: Error) => texts.push(message)
  process.on('warning', heard)
  t.teardown(() => process.off('warning', heard))
  return texts
}

t.test('an onError that throws while a timer closes a client leaves nothing undone', async t => {
  const told = warnings(t)
  const { broker, clock } = await running(t, {
    onError() {
      throw new Error('onError is broken')
    }
  })
  broker.use({
    outgoing(_client, packet) {
      if (packet.cmd === 'disconnect') throw new Error('the hook is broken')
      return packet
    }
  })
  const gone: string[] = []
  broker.on('disconnect', ({ client }) => gone.push(client.id))
  const peer = new Peer(broker.stack)
  await peer.connect({ clientId: 'silent', keepalive: 1 })
  t.doesNotThrow(() => clock.advance(2000))
  t.same(gone, ['silent'])
  t.equal(broker.clients.size, 0)
  await turn()
  t.same(told, ['onError is broken'])
})

t.test('a listener of the broker that throws on error keeps nobody from going on', async t => {
  const told = warnings(t)
  const { broker } = await running(t)
  broker.use({
    publish() {
      throw new Error('no')
    }
  })
  broker.on('error', () => {
    throw new Error('the listener is broken')
  })
  const peer = new Peer(broker.stack)
  await peer.connect()
  peer.send({ cmd: 'publish', topic: 'x', payload: '', qos: 0, dup: false, retain: false })
  await peer.next('disconnect')
  await turn()
  t.same(told, ['the listener is broken'])
})

t.test('what listeners of stack and client throw is an error like any other', async t => {
  const errors: Array<[string, string | undefined]> = []
  const { stack } = await running(t, {
    onError: (err, client) => errors.push([err.message, client?.id])
  })
  stack.on('client', (client: Client) => {
    client.on('close', () => {
      throw new Error('on close')
    })
    throw new Error('on client')
  })
  const peer = new Peer(stack)
  await peer.connect({ clientId: 'a' })
  peer.stream.end()
  while (stack.connections.size > 0) await turn()
  t.same(errors, [
    ['on client', undefined],
    ['on close', 'a']
  ])
})

import t from 'tap'
import { type Hooks, type Next, Stack, StackError } from '../../lib/index.js'
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

const message = (topic: string) =>
  ({ cmd: 'publish', topic, payload: '', qos: 0, dup: false, retain: false }) as const

/** Publishes wait here, by client and topic, until a test lets them go. */
function turnstile() {
  const log: string[] = []
  const waiting = new Map<string, Next>()
  const hooks: Hooks = {
    name: 'Turnstile',
    publish(client, packet, next) {
      log.push(`${client.id} ${packet.topic}`)
      waiting.set(`${client.id} ${packet.topic}`, next)
    }
  }
  return { log, waiting, hooks }
}

t.test('one packet of a client at a time, in order, while other clients go on', async t => {
  const { log, waiting, hooks } = turnstile()
  const { stack } = await running(hooks)
  const [a, b] = [new Peer(stack), new Peer(stack)]
  await a.connect({ clientId: 'a' })
  await b.connect({ clientId: 'b' })
  a.send(message('1'), message('2'), message('3'))
  a.send(message('4'))
  b.send(message('1'), message('2'))
  await turn()
  t.same(log, ['a 1', 'b 1'])
  waiting.get('b 1')!()
  t.same(log, ['a 1', 'b 1', 'b 2'], 'b goes on while a waits')
  waiting.get('a 1')!()
  waiting.get('a 2')!()
  waiting.get('a 3')!()
  await turn()
  t.same(log.slice(3), ['a 2', 'a 3', 'a 4'])
  waiting.get('a 4')!()
  waiting.get('b 2')!()
  await a.nothing()
  await b.nothing()
})

t.test('an error of one client touches no other, and is told with its client and packet', async t => {
  const { stack, errors } = await running({
    publish(_client, packet) {
      if (packet.topic === 'bad') throw new TypeError('a bug')
    },
    subscribe: async () => {
      throw new TypeError('a bug later')
    }
  })
  const [a, b, c] = [new Peer(stack), new Peer(stack), new Peer(stack)]
  await a.connect({ clientId: 'a' })
  await b.connect({ clientId: 'b' })
  await c.connect({ clientId: 'c' })
  a.send(message('bad'))
  t.match(await a.next('disconnect'), { reasonCode: 0x80, properties: { reasonString: 'internal error' } })
  b.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'x', qos: 0 }] })
  t.match(await b.next('disconnect'), { reasonCode: 0x80 })
  c.send(message('good'))
  await c.nothing()
  each(t, errors, [
    { err: { message: 'a bug' }, id: 'a', cmd: 'publish' },
    { err: { message: 'a bug later' }, id: 'b', cmd: 'subscribe' }
  ])
  t.equal(stack.status, 'running')
})

t.test('the client that failed hears of it as an event, and so does the stack', async t => {
  const { stack } = await running({
    publish() {
      throw 0x87
    }
  })
  const heard: string[] = []
  stack.on('error', (err, client, packet) => heard.push(`stack ${err.message} ${client?.id} ${packet?.cmd}`))
  const peer = new Peer(stack)
  await peer.connect({ clientId: 'a' })
  peer.client!.on('error', err => heard.push(`client ${err.message}`))
  peer.send(message('a'))
  await peer.nothing()
  t.same(heard, ['stack Not authorized a publish', 'client Not authorized'])
})

t.test('packets behind one that ended the connection are not looked at', async t => {
  const seen: string[] = []
  const { stack } = await running({
    publish(client, packet) {
      seen.push(packet.topic)
      if (packet.topic === 'end') client.close('AdministrativeAction')
    }
  })
  const peer = new Peer(stack)
  await peer.connect()
  peer.send(message('first'), message('end'), message('behind'))
  await peer.end()
  t.same(seen, ['first', 'end'])
})

t.test('process() completes the packet and calls back, whatever happens', async t => {
  const { stack } = await running({
    publish(_client, packet) {
      if (packet.topic === 'thrown') throw new StackError('STACK_ORDER', 'mine')
      if (packet.topic === 'rejected') return Promise.reject(new Error('no'))
      if (packet.topic === 'late') return Promise.resolve()
    }
  })
  for (const topic of ['fine', 'thrown', 'rejected', 'late']) {
    const peer = new Peer(stack)
    await peer.connect()
    let calls = 0
    const packet = { ...message(topic), payload: Buffer.alloc(0), messageId: 0, properties: undefined }
    await new Promise<void>(resolve =>
      stack.process(peer.client!, packet, () => {
        calls++
        resolve()
      })
    )
    t.equal(calls, 1, topic)
  }
})

t.test('what the caller of process() throws when a packet is over is reported', async t => {
  const { stack, errors } = await running({ publish: async () => {} })
  const peer = new Peer(stack)
  await peer.connect()
  const packet = { ...message('x'), payload: Buffer.alloc(0), messageId: 0, properties: undefined }
  stack.process(peer.client!, packet, () => {
    throw new Error('mine')
  })
  await turn()
  t.match(errors, [{ err: { message: 'mine' } }])
  await peer.nothing()
})

import t from 'tap'
import { type Client, type Hooks, type Next, Stack } from '../../lib/index.js'
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

for (const [cmd, packet] of [
  ['subscribe', { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'x', qos: 0 }] }],
  ['unsubscribe', { cmd: 'unsubscribe', messageId: 1, unsubscriptions: ['x'] }],
  ['publish', message('x')]
] as const) {
  const abandoned = cmd !== 'publish'
  t.test(
    `a ${cmd} that waits ${abandoned ? 'is abandoned' : 'still counts'} when its client is gone`,
    async t => {
      const nexts: Next[] = []
      const seen: string[] = []
      const { stack, errors } = await running(
        { [cmd]: (_client: Client, _packet: unknown, next: Next) => void nexts.push(next) },
        { [cmd]: () => void seen.push(cmd) }
      )
      const peer = new Peer(stack)
      await peer.connect()
      peer.send(packet as never)
      await turn()
      peer.cut()
      await turn()
      nexts[0]!()
      t.same(seen, abandoned ? [] : [cmd])
      t.same(errors, [], 'nobody is to blame')
    }
  )
}

t.test('a CONNECT that waits is abandoned when its client goes, by error too', async t => {
  const nexts: Next[] = []
  const seen: string[] = []
  const { stack, errors } = await running(
    { connect: (_client, _packet, next) => void nexts.push(next) },
    {
      connect: client => void seen.push(client.id),
      finish: () => void seen.push('finish'),
      finishes: ['connect']
    }
  )
  for (const id of ['a', 'b']) {
    const peer = new Peer(stack)
    peer.send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 5,
      clean: true,
      keepalive: 0,
      clientId: id
    })
    await turn()
    peer.cut()
  }
  await turn()
  nexts[0]!()
  t.same(seen, [])
  t.same(errors, [])
  nexts[1]!(new Error('lookup failed'))
  each(t, errors, [{ err: { message: 'lookup failed' } }], 'a real failure is told')
})

t.test('strict: a step that never settles is failed, closed, and named; others go on', async t => {
  const { stack, clock, errors } = await running({ name: 'Forgetful', publish: (_c, _p, _next) => {} })
  const [a, b] = [new Peer(stack), new Peer(stack)]
  await a.connect({ clientId: 'a' })
  await b.connect({ clientId: 'b' })
  a.send(message('x'))
  await turn()
  clock.advance(29_000)
  t.same(errors, [])
  clock.advance(2000)
  each(t, errors, [{ err: { code: 'STACK_NOT_SETTLED', message: /Forgetful handles publish/ }, id: 'a' }])
  t.match(await a.next('disconnect'), { reasonCode: 0x80 })
  await b.nothing()
})

t.test('production: a step may take as long as it likes', async t => {
  const clock = new FakeClock()
  const errors: Error[] = []
  const nexts: Next[] = []
  const stack = await new Stack({
    clock,
    strict: false,
    stallTimeout: 1000,
    onError: err => errors.push(err)
  })
    .use(letIn(), { publish: (_client, _packet, next) => void nexts.push(next) })
    .start()
  const peer = new Peer(stack)
  await peer.connect()
  peer.send(message('x'))
  await turn()
  clock.advance(3_600_000)
  t.same(errors, [])
  nexts[0]!()
  await peer.nothing()
  await stack.stop()
})

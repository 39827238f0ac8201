import t from 'tap'
import { type Cmd, DONE, type Hooks, Stack } from '../../lib/index.js'
import { each } from '../support/each.js'
import { Peer } from '../support/peer.js'
import { fromClients, letIn } from '../support/tiny.js'

async function running(...middlewares: Hooks[]) {
  const errors: Error[] = []
  const stack = await new Stack({ onError: err => errors.push(err) }).use(...middlewares).start()
  t.teardown(() => stack.stop())
  return { stack, errors }
}

t.test('finish() runs in reverse order, after all handlers', async t => {
  const seen: string[] = []
  const one = (name: string, rest: Hooks = {}): Hooks => ({
    name,
    handle: () => void seen.push(`handle ${name}`),
    finish: () => void seen.push(`finish ${name}`),
    ...rest
  })
  const { stack } = await running(
    one('A'),
    one('B'),
    one('C', { finishes: ['publish'] }),
    one('D', { packets: ['pingreq'] })
  )
  const { client } = new Peer(stack)
  const process = (cmd: Cmd) => {
    seen.length = 0
    stack.process(client!, fromClients.find(packet => packet.cmd === cmd)!)
    return seen.join(', ')
  }
  t.equal(process('pingreq'), 'handle A, handle B, handle C, handle D, finish D, finish B, finish A')
  t.equal(process('publish'), 'handle A, handle B, handle C, finish C, finish B, finish A')
})

t.test('finish() does not run when somebody stopped or refused, now or later', async t => {
  const ways: Array<[string, Hooks['pingreq'], boolean]> = [
    ['goes on', () => {}, true],
    ['goes on later', async () => {}, true],
    ['stops', () => DONE, false],
    ['stops later', async () => DONE, false],
    [
      'refuses',
      () => {
        throw 0x87
      },
      false
    ],
    [
      'refuses later',
      async () => {
        throw 0x87
      },
      false
    ],
    ['calls done', (_c, _p, _next, done) => done(), false],
    ['calls done later', (_c, _p, _next, done) => queueMicrotask(done), false]
  ]
  for (const [title, pingreq, finishes] of ways) {
    let finished = false
    const { stack } = await running({
      pingreq,
      finish: () => {
        finished = true
      },
      finishes: ['pingreq']
    })
    const { client } = new Peer(stack)
    await new Promise<void>(resolve => stack.process(client!, { cmd: 'pingreq' }, () => resolve()))
    t.equal(finished, finishes, title)
  }
})

t.test('finish() may refuse and may wait, and the packet is over after it', async t => {
  const seen: string[] = []
  const finish = async () => {
    await null
    seen.push('finished')
    throw 0x87
  }
  for (const pingreq of [() => {}, async () => {}]) {
    seen.length = 0
    const { stack, errors } = await running({ pingreq, finish, finishes: ['pingreq'] })
    const { client } = new Peer(stack)
    await new Promise<void>(resolve => stack.process(client!, { cmd: 'pingreq' }, () => resolve()))
    t.same(seen, ['finished'])
    each(t, errors, [{ reasonName: 'NotAuthorized' }])
  }
})

t.test('outgoing hooks run in reverse order, may change a packet, and drop it with null', async t => {
  const seen: string[] = []
  const one = (name: string): Hooks => ({
    name,
    outgoing(_client, packet) {
      if (packet.cmd === 'connack') return packet
      seen.push(`${name} ${packet.cmd}`)
      return packet
    }
  })
  const drops: Hooks = {
    name: 'Drops',
    outgoing: (_client, packet) => (packet.cmd === 'pingresp' && seen.length < 2 ? null : packet)
  }
  const renames: Hooks = {
    name: 'Renames',
    outgoing: (_client, packet) =>
      packet.cmd === 'connack' ? { ...packet, properties: { serverReference: 'there' } } : packet
  }
  const { stack } = await running(letIn(), renames, one('A'), drops, one('B'))
  const peer = new Peer(stack)
  t.match(await peer.connect(), { properties: { serverReference: 'there' } })
  peer.send({ cmd: 'pingreq' }, { cmd: 'pingreq' })
  await peer.next('pingresp')
  t.same(seen, ['B pingresp', 'B pingresp', 'A pingresp'], 'the first one was dropped behind B')
  t.same(peer.packets, [])
})

import t, { type Test } from 'tap'
import { createBroker } from '../../lib/index.js'
import { turn } from '../support/fake-clock.js'
import { Peer } from '../support/peer.js'

const mebibyte = 1_048_576

async function running(t: Test, maximumPacketSize?: number) {
  const errors: Array<string | undefined> = []
  const broker = createBroker({
    ...(maximumPacketSize && { maximumPacketSize }),
    onError: err => errors.push((err as { reasonName?: string }).reasonName)
  })
  t.teardown(() => broker.close())
  await broker.start()
  return { broker, stack: broker.stack, errors }
}

/** The header of a CONNECT of so many bytes, and a little of it. */
function announced(bytes: number): Buffer {
  const rest = bytes - 5
  const length = [rest & 127, (rest >> 7) & 127, (rest >> 14) & 127, rest >> 21]
  return Buffer.from([0x10, ...length.map((part, i) => (i < 3 ? part | 128 : part)), 0, 4, 0x4d])
}

t.test('a stranger may announce a packet of one mebibyte, and no more', async t => {
  const { stack, errors } = await running(t)
  const modest = new Peer(stack)
  modest.raw(announced(mebibyte))
  const greedy = new Peer(stack)
  greedy.raw(announced(mebibyte + 1))
  await greedy.end()
  t.same(errors, ['PacketTooLarge'])
  t.notOk(modest.ended)
})

for (const late of [false, true]) {
  t.test(`a client that was accepted${late ? ' late' : ''} may send what is allowed`, async t => {
    const { broker, stack, errors } = await running(t)
    if (late) broker.use({ connect: async () => turn() })
    const peer = new Peer(stack)
    // In one write with the CONNECT, and then by itself.
    const message = { cmd: 'publish', topic: 'x', qos: 1, dup: false, retain: false } as const
    const connected = peer.connect()
    peer.send({ ...message, messageId: 1, payload: Buffer.alloc(2 * mebibyte) })
    await connected
    await peer.next('puback')
    peer.send({ ...message, messageId: 2, payload: Buffer.alloc(2 * mebibyte) })
    await peer.next('puback')
    t.same(errors, [])
  })
}

t.test('a smaller limit holds from the first packet on', async t => {
  const { stack, errors } = await running(t, 1024)
  const peer = new Peer(stack)
  peer.raw(announced(mebibyte))
  await peer.end()
  t.same(errors, ['PacketTooLarge'])
})

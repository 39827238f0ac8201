import t from 'tap'
import { createBroker } from '../../lib/index.js'
import { FakeClock, turn } from '../support/fake-clock.js'
import { Peer } from '../support/peer.js'

async function connected() {
  const clock = new FakeClock()
  const broker = await createBroker({ clock }).start()
  const peer = new Peer(broker.stack, 5)
  await peer.connect({ keepalive: 0 })
  /** Lets time pass in steps that a sweep sees. */
  const pass = async (seconds: number) => {
    for (let i = 0; i < seconds; i++) clock.advance(1000)
    await turn()
  }
  return { broker, peer, pass }
}

t.test('a packet that stands still half-sent ends the connection, also without a keep-alive', async t => {
  const { broker, peer, pass } = await connected()
  peer.raw('30 20 00 01 61')
  await turn()
  await pass(29)
  t.equal(broker.clients.size, 1, 'not before its time')
  await pass(3)
  t.equal((await peer.next('disconnect')).reasonCode, 0x8d)
  await peer.end()
  t.equal(broker.clients.size, 0)
  await broker.close()
})

t.test('a packet that comes slowly is waited for, and silence between packets is nothing', async t => {
  const { broker, peer, pass } = await connected()
  for (const byte of ['c0', '00']) {
    peer.raw(byte)
    await turn()
    await pass(25)
  }
  await peer.next('pingresp')
  await pass(600)
  await peer.nothing()
  t.equal(broker.clients.size, 1)
  await broker.close()
})

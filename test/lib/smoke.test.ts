import t from 'tap'
import { createBroker } from '../../lib/index.js'
import { Peer } from '../support/peer.js'

t.test('a message goes from one client to another', async t => {
  const broker = await createBroker().start()
  const subscriber = new Peer(broker.stack, 5)
  await subscriber.connect({ clientId: 's' })
  await subscriber.subscribe('a/#', { qos: 2 })
  const publisher = new Peer(broker.stack, 4)
  await publisher.connect({ clientId: 'p' })
  publisher.send({
    cmd: 'publish',
    topic: 'a/b',
    payload: 'hi',
    qos: 1,
    messageId: 7,
    dup: false,
    retain: false
  })
  t.equal((await publisher.next('puback')).messageId, 7)
  const message = await subscriber.next('publish')
  t.match(message, { topic: 'a/b', qos: 1, retain: false, dup: false })
  t.equal(message.payload.toString(), 'hi')
  await broker.close()
})

import { packet, raw, rawPublish, rawSubscribe } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import type { TestClient } from '../../client/test-client.js'
import type { Scene } from '../../scene.js'
import { connectBytes } from './connect-bytes.js'

/**
 * CONNECT, SUBSCRIBE, PUBLISH and PINGREQ, as one piece of bytes. The message is for another client: without SUBACK, a
 * subscription need not be there yet when the next packet is read.
 */
function opening(scene: Scene): Buffer {
  const { topic, level } = scene
  return raw(
    ...[connectBytes(scene), rawSubscribe(level, [[topic('own'), 0]])],
    ...[rawPublish(level, topic(), { payload: 'hello' }), packet(0xc0)]
  )
}

async function subscriberOf({ connect, topic }: Scene): Promise<TestClient> {
  const subscriber = await connect({ label: 'subscriber' })
  await subscriber.subscribe(topic())
  return subscriber
}

export const connectAccepted: CaseDefinition = {
  name: 'connect-accepted',
  title: 'a valid CONNECT is answered by one CONNACK 0x00, and a plain client needs nothing more',
  proves: { '3.1.1': ['3.1.4-4', '7.0.0-2'], '5.0': ['3.1.4-5', '3.2.0-2', '3.2.2-1'] },
  async run({ connect, topic, same }) {
    const plain = [{}, { keepalive: 60 }, { keepalive: 65_535 }, { will: { topic: topic('will') } }]
    for (const options of plain) {
      const client = await connect(options)
      same(client.connack!.bytes[2], 0, 'the Connect Acknowledge Flags')
      await client.subscribe(topic())
      await client.publish(topic(), 'hello')
      same((await client.message()).text, 'hello', 'a message to itself')
      await client.ping()
      same(client.inbox.length, 0, 'packets that nothing asked for')
      await client.disconnect()
    }
  }
}

export const connackComesFirst: CaseDefinition = {
  name: 'connack-comes-first',
  title: 'CONNACK is the first packet, also for a client that did not wait for it',
  proves: { '3.1.1': ['3.2.0-1', '7.1.1-1'], '5.0': ['3.2.0-1', '4.2.0-1'] },
  async run(scene) {
    const { open, same } = scene
    const subscriber = await subscriberOf(scene)
    const client = await open()
    client.raw(opening(scene), 'CONNECT, SUBSCRIBE, PUBLISH and PINGREQ in one piece')
    const first = await client.first()
    same([first.cmd, first.reasonCode], ['connack', 0], 'the first packet')
    same((await client.next('suback')).codes, [0], 'the codes of SUBACK')
    same((await subscriber.message()).text, 'hello', 'the message')
    await client.next('pingresp')
  }
}

export const connackBeforeQueued: CaseDefinition = {
  name: 'connack-before-queued-messages',
  title: 'CONNACK comes before the messages that waited for the client',
  proves: { '3.1.1': ['3.2.0-1'], '5.0': ['3.2.0-1'] },
  needs: ['sessions', 'qos1'],
  async run({ connect, open, connectPacket, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const before = await connect({ keep: 60, label: 'subscriber' })
    const { clientId } = before
    await before.subscribe(topic(), { qos: 1 })
    await before.disconnect()
    for (const text of ['1', '2', '3']) await publisher.publish(topic(), text, { qos: 1 })
    const after = await open('subscriber')
    after.clientId = clientId
    after.send(connectPacket({ clientId, keep: 60 }))
    const first = await after.first()
    same([first.cmd, first.reasonCode], ['connack', 0], 'the first packet')
    const texts = (await after.messages(3)).map(({ text }) => text)
    // Their order is the matter of others.
    same(texts.sort(), ['1', '2', '3'], 'the messages that waited')
  }
}

export const connectInPieces: CaseDefinition = {
  name: 'connect-in-pieces',
  title: 'packets are read from a stream of bytes, however they arrive',
  proves: { '3.1.1': ['7.1.1-1'], '5.0': ['4.2.0-1'] },
  async run(scene) {
    const { open, same } = scene
    const subscriber = await subscriberOf(scene)
    const client = await open()
    const all = opening(scene)
    for (const [at, byte] of all.entries()) {
      client.raw(raw([byte]), `byte ${at + 1} of ${all.length}`)
      await new Promise(resolve => setTimeout(resolve, 1))
    }
    same((await client.next('connack')).reasonCode, 0, 'the code of CONNACK')
    await client.next('suback')
    same((await subscriber.message()).text, 'hello', 'the message')
    await client.next('pingresp')
  }
}

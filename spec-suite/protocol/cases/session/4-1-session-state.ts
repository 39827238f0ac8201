import type { CaseDefinition } from '../../case.js'
import { texts } from './texts.js'

export const sessionByClientId: CaseDefinition = {
  name: 'session-by-client-id',
  title: 'each client id has a session of its own',
  proves: { '3.1.1': ['3.1.3-2'], '5.0': ['3.1.3-2'] },
  needs: ['sessions', 'qos1'],
  async run({ connect, clientId, topic, same }) {
    const ids = [clientId(), clientId()]
    const publisher = await connect({ label: 'publisher' })
    for (const [i, id] of ids.entries()) {
      const client = await connect({ clientId: id, keep: 60 })
      await client.subscribe(topic(`of-${i}`), { qos: 1 })
      await client.disconnect()
    }
    for (const i of [1, 0]) await publisher.publish(topic(`of-${i}`), `for ${i}`, { qos: 1 })
    for (const [i, id] of ids.entries()) {
      const client = await connect({ clientId: id, keep: 60 })
      same(client.connack?.sessionPresent, true, 'Session Present')
      const first = await client.message()
      const others = await client.messagesBeforeMarker(publisher)
      same(texts([first, ...others]), [`for ${i}`], 'the messages that came')
    }
  }
}

export const stateWhileConnected: CaseDefinition = {
  name: 'session-state-while-connected',
  title: 'a session lasts while its client is connected, however short it is without',
  proves: { '3.1.1': ['4.1.0-2'], '5.0': ['4.1.0-1'] },
  needs: ['qos2'],
  seconds: 4,
  async run({ connect, topic, is5, seconds, same }) {
    const client = await connect(is5 ? { keep: 1 } : { clean: true })
    await client.subscribe(topic(), { qos: 1 })
    const messageId = client.startPublish(topic(), 'hello', { qos: 2 })
    await client.next('pubrec')
    for (let i = 0; i < 4; i++) {
      await seconds(1)
      await client.ping()
    }
    client.send({ cmd: 'pubrel', messageId })
    same((await client.next('pubcomp')).reasonCode, 0, 'the reason code of PUBCOMP')
    // Whether it was passed on at once or after PUBREL is the choice of the broker.
    same((await client.message(topic())).text, 'hello', 'the message of QoS 2')
    await client.publish(topic(), 'another', { qos: 1 })
    same((await client.message(topic())).text, 'another', 'the message to the old subscription')
  }
}

export const openExchangeKept: CaseDefinition = {
  name: 'session-keeps-open-exchange',
  title: 'a message of QoS 2 that is sent again after a new connection is not delivered twice',
  proves: { '3.1.1': ['4.1.0-1', '3.1.2-4'], '5.0': ['3.1.2-23', '3.1.2-5'] },
  needs: ['sessions', 'qos2'],
  seconds: 2,
  async run({ connect, clientId, topic, seconds, same }) {
    const id = clientId()
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos: 2 })
    const before = await connect({ clientId: id, keep: 60 })
    await before.subscribe(topic('own'))
    const messageId = before.startPublish(topic(), 'hello', { qos: 2, messageId: 7 })
    await before.next('pubrec')
    await before.disconnect()
    await seconds(2)
    const after = await connect({ clientId: id, keep: 60 })
    same(after.connack?.sessionPresent, true, 'Session Present')
    await after.publish(topic(), 'hello', { qos: 2, messageId, dup: true })
    same((await subscriber.message(topic())).text, 'hello', 'the message that came')
    same(texts(await subscriber.messagesBeforeMarker(after, { qos: 2 })), [], 'further messages')
  }
}

export const openReleaseKept: CaseDefinition = {
  name: 'session-keeps-open-release',
  title: 'a message of QoS 2 whose PUBREL comes on a new connection is completed',
  proves: { '3.1.1': ['4.1.0-1', '3.1.2-4'], '5.0': ['3.1.2-23', '3.1.2-5'] },
  needs: ['sessions', 'qos2'],
  async run({ connect, clientId, topic, same }) {
    const id = clientId()
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos: 2 })
    const before = await connect({ clientId: id, keep: 60 })
    await before.subscribe(topic('own'))
    const messageId = before.startPublish(topic(), 'hello', { qos: 2 })
    await before.next('pubrec')
    before.cut()
    const after = await connect({ clientId: id, keep: 60 })
    same(after.connack?.sessionPresent, true, 'Session Present')
    after.send({ cmd: 'pubrel', messageId })
    same((await after.next('pubcomp')).reasonCode, 0, 'the reason code of PUBCOMP')
    same((await subscriber.message(topic())).text, 'hello', 'the message that came')
    same(texts(await subscriber.messagesBeforeMarker(after, { qos: 2 })), [], 'further messages')
  }
}

export const retainedOutlivesSession: CaseDefinition = {
  name: 'retained-outlives-session',
  title: 'a retained message stays when the session of its publisher ends',
  // 5.0 says it without a number [5.0: 4.1].
  proves: { '3.1.1': ['3.1.2-7'], '5.0': ['3.3.1-5'] },
  needs: ['retain'],
  async run({ connect, clientId, topic, same }) {
    const id = clientId()
    const publisher = await connect({ clientId: id, label: 'publisher' })
    await publisher.publish(topic(), 'kept', { retain: true })
    await publisher.ping()
    await publisher.disconnect()
    await connect({ clientId: id, clean: true, label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    const { text, retain } = await subscriber.message(topic())
    same([text, retain], ['kept', true], 'payload and RETAIN')
  }
}

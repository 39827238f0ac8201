import type { CaseDefinition } from '../../case.js'
import { texts } from './texts.js'

export const sessionNew: CaseDefinition = {
  name: 'session-new',
  title: 'a client that wants to go on with a session that does not exist gets a new one',
  proves: { '3.1.1': ['3.2.2-3', '3.1.2-4', '3.1.4-3'], '5.0': ['3.1.2-6', '3.2.2-3', '3.1.4-4'] },
  async run({ connect, topic, same }) {
    const client = await connect({ clean: false })
    same(client.connack?.sessionPresent, false, 'Session Present')
    await client.subscribe(topic())
    await client.publish(topic(), 'hello')
    same((await client.message(topic())).text, 'hello', 'the message that came')
  }
}

export const sessionResumed: CaseDefinition = {
  name: 'session-resumed',
  title: 'a client that comes back finds its subscriptions, and what was sent to it meanwhile',
  proves: {
    '3.1.1': ['3.1.2-4', '3.1.2-5', '3.2.2-2', '3.1.4-3'],
    '5.0': ['3.1.2-5', '3.1.2-23', '3.2.2-3', '3.1.4-4']
  },
  needs: ['sessions', 'qos1'],
  async run({ connect, clientId, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    for (const way of ['disconnect', 'cut'] as const) {
      const id = clientId()
      const before = await connect({ clientId: id, keep: 60 })
      same(before.connack?.sessionPresent, false, 'Session Present at first')
      await before.subscribe(topic(way), { qos: 1 })
      await before[way]()
      await publisher.publish(topic(way), 'meanwhile', { qos: 1 })
      const after = await connect({ clientId: id, keep: 60 })
      same(after.connack?.sessionPresent, true, `Session Present after a ${way}`)
      same((await after.message(topic(way))).text, 'meanwhile', 'the message that waited')
      await publisher.publish(topic(way), 'now', { qos: 1 })
      same((await after.message(topic(way))).text, 'now', 'the message to the old subscription')
    }
  }
}

export const sessionEmpty: CaseDefinition = {
  name: 'session-empty',
  title: 'a session is there to come back to, also when nothing is in it',
  // That it exists is the first part of its state [5.0: 4.1; 3.1.1: 3.1.2.4].
  proves: { '3.1.1': ['3.2.2-2', '3.1.2-4'], '5.0': ['3.2.2-3', '3.1.2-23'] },
  needs: ['sessions'],
  async run({ connect, clientId, same }) {
    const id = clientId()
    const before = await connect({ clientId: id, keep: 60 })
    await before.disconnect()
    const after = await connect({ clientId: id, keep: 60 })
    same(after.connack?.sessionPresent, true, 'Session Present')
  }
}

export const sessionDiscarded: CaseDefinition = {
  name: 'session-discarded',
  title: 'a clean start throws away the session: its subscriptions, and what waited in it',
  proves: { '3.1.1': ['3.1.2-6', '3.2.2-1', '3.1.4-3'], '5.0': ['3.1.2-4', '3.2.2-2', '3.1.4-4'] },
  needs: ['sessions', 'qos1'],
  async run({ connect, clientId, topic, same }) {
    const id = clientId()
    const publisher = await connect({ label: 'publisher' })
    const before = await connect({ clientId: id, keep: 60 })
    await before.subscribe(topic(), { qos: 1 })
    await before.disconnect()
    await publisher.publish(topic(), 'meanwhile', { qos: 1 })
    const after = await connect({ clientId: id, clean: true })
    same(after.connack?.sessionPresent, false, 'Session Present after a clean start')
    await publisher.publish(topic(), 'now', { qos: 1 })
    same(texts(await after.messagesBeforeMarker(publisher)), [], 'the messages that came')
  }
}

export const sessionDiscardedOnTakeOver: CaseDefinition = {
  name: 'session-discarded-on-take-over',
  title: 'a clean start throws away the session of a client that is still connected',
  proves: { '3.1.1': ['3.1.2-6', '3.2.2-1'], '5.0': ['3.1.2-4', '3.2.2-2'] },
  needs: ['sessions'],
  async run({ connect, clientId, topic, same }) {
    const id = clientId()
    const publisher = await connect({ label: 'publisher' })
    const before = await connect({ clientId: id, keep: 60 })
    await before.subscribe(topic())
    const after = await connect({ clientId: id, clean: true })
    same(after.connack?.sessionPresent, false, 'Session Present after a clean start')
    await publisher.publish(topic(), 'now')
    same(texts(await after.messagesBeforeMarker(publisher, { qos: 0 })), [], 'the messages that came')
  }
}

export const cleanStartLasts: CaseDefinition = {
  name: 'clean-start-lasts',
  title: 'a session that began with a clean start lasts as long as any other one',
  proves: { '5.0': ['3.1.2-23', '3.1.2-4', '3.1.4-4'] },
  needs: ['sessions', 'qos1'],
  async run({ connect, clientId, topic, same }) {
    const id = clientId()
    const publisher = await connect({ label: 'publisher' })
    const first = await connect({ clientId: id, keep: 60 })
    await first.subscribe(topic('first'), { qos: 1 })
    await first.disconnect()
    const second = await connect({ clientId: id, clean: true, keep: 60 })
    await second.subscribe(topic('second'), { qos: 1 })
    await second.disconnect()
    await publisher.publish(topic('first'), 'first', { qos: 1 })
    await publisher.publish(topic('second'), 'second', { qos: 1 })
    const third = await connect({ clientId: id, keep: 60 })
    same(third.connack?.sessionPresent, true, 'Session Present', ['3.1.2-23', '3.1.4-4'])
    same((await third.message()).text, 'second', 'the message that came')
    same(texts(await third.messagesBeforeMarker(publisher)), [], 'further messages')
  }
}

export const cleanSessionEnds: CaseDefinition = {
  name: 'clean-session-ends',
  title: 'a session that began with CleanSession 1 ends with its connection',
  proves: { '3.1.1': ['3.1.2-6', '3.2.2-3'] },
  async run({ connect, clientId, topic, same }) {
    const id = clientId()
    const publisher = await connect({ label: 'publisher' })
    const before = await connect({ clientId: id, clean: true })
    await before.subscribe(topic())
    await before.disconnect()
    const after = await connect({ clientId: id, clean: false })
    same(after.connack?.sessionPresent, false, 'Session Present')
    await publisher.publish(topic(), 'now')
    same(texts(await after.messagesBeforeMarker(publisher, { qos: 0 })), [], 'the messages that came')
  }
}

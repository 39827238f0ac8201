import { rawPublish, rawSubscribe, rawUnsubscribe } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { closesUnanswered, refusesRequest } from './answers.js'
import { takes, texts } from './subscriptions.js'

export const emptyTopics: CaseDefinition = {
  name: 'empty-topics',
  title: 'PUBLISH to a topic of no characters ends the connection, and a subscription to it is refused',
  proves: { '3.1.1': ['4.7.3-1'], '5.0': ['4.7.3-1'] },
  async run({ connect, level }) {
    const publisher = await connect({ label: 'publisher' })
    publisher.raw(rawPublish(level, ''), "PUBLISH to ''")
    await publisher.closes(0x81, 0x82, 0x90)
    const subscriber = await connect({ label: 'subscriber' })
    subscriber.raw(rawSubscribe(level, [['', 0]]), "SUBSCRIBE to ''")
    await refusesRequest(subscriber, 'suback', [0x81, 0x82, 0x8f])
  }
}

export const emptyUnsubscribe: CaseDefinition = {
  name: 'empty-filter-in-unsubscribe',
  title: 'UNSUBSCRIBE from a filter of no characters is refused',
  proves: { '3.1.1': ['4.7.3-1'], '5.0': ['4.7.3-1'] },
  async run({ connect, level }) {
    const client = await connect()
    client.raw(rawUnsubscribe(level, ['']), "UNSUBSCRIBE from ''")
    // UNSUBACK of 3.1.1 cannot refuse anything: there it is the end.
    await refusesRequest(client, 'unsuback', [0x81, 0x82, 0x8f])
  }
}

export const nullInTopics: CaseDefinition = {
  name: 'null-in-topics',
  title: 'a topic or a filter with the character U+0000 ends the connection',
  proves: { '3.1.1': ['4.7.3-2'], '5.0': ['4.7.3-2'] },
  async run({ connect, connectPacket, level, open, same, topic }) {
    const watcher = await connect({ label: 'watcher' })
    await watcher.subscribe(topic())
    for (const name of ['\0', 'a\0b', 'topic\0'].map(topic)) {
      const publisher = await connect({ label: 'publisher' })
      publisher.raw(rawPublish(level, name), 'PUBLISH to a topic with U+0000')
      await publisher.closes(0x81, 0x82, 0x90)
      const subscriber = await connect({ label: 'subscriber' })
      subscriber.raw(rawSubscribe(level, [[name, 0]]), 'SUBSCRIBE to a filter with U+0000')
      await closesUnanswered(subscriber, 'suback', [0x81, 0x82, 0x8f])
      const leaver = await connect({ label: 'leaver' })
      leaver.raw(rawUnsubscribe(level, [name]), 'UNSUBSCRIBE from a filter with U+0000')
      await closesUnanswered(leaver, 'unsuback', [0x81, 0x82, 0x8f])
      const willing = await open('willing')
      willing.send(connectPacket({ will: { topic: name } }))
      await willing.refuses({ '3.1.1': [], '5.0': [0x81, 0x82, 0x90] })
    }
    const marked = await connect({ label: 'marker' })
    same(texts(await watcher.messagesBeforeMarker(marked, { qos: 0 })), [], 'what the watcher got')
  }
}

/** Topics that are alike, and not the same. */
const twins = [
  ['é', 'e\u0301'],
  ['A', 'a'],
  ['b//b', 'b/b'],
  ['c/', 'c'],
  [' d', 'd'],
  ['e ', 'e'],
  ['ﬁ', 'fi'],
  ['Ａb', 'Ab'],
  ['g%2Fh', 'g/h'],
  ['i/./j', 'i/j'],
  ['k/../l', 'l'],
  ['m\\n', 'm/n'],
  ['ß', 'SS'],
  ['😀', '\u{1f600}\ufe0f']
] as const

export const exactTopics: CaseDefinition = {
  name: 'exact-topics',
  title: 'topics and filters are taken as they are: only what is the same, byte for byte, matches',
  proves: { '3.1.1': ['4.7.3-4'], '5.0': ['4.7.3-4'] },
  needs: ['qos1'],
  async run(scene) {
    const { topic } = scene
    const ones = [...twins.map(([one]) => topic(one)), `/${topic()}`]
    const others = [...twins.map(([, other]) => topic(other)), topic()]
    await takes(scene, ones, { taken: ones, left: others })
    await takes(scene, others, { taken: others, left: ones })
  }
}

export const longTopic: CaseDefinition = {
  name: 'longest-topic',
  title:
    'a topic of 65535 bytes, or as many as a packet may have, is delivered as it is, or refused properly',
  proves: { '3.1.1': ['4.7.3-3'], '5.0': ['4.7.3-3'] },
  needs: ['qos1'],
  async run({ connect, facts, same, topic }) {
    const most = Math.min(65_535, (facts.maximumPacketSize ?? 70_000) - 100)
    const start = topic('')
    const room = most - start.length
    // Three bytes each: characters are not bytes.
    const name = start + '€'.repeat(Math.floor(room / 3)) + 'x'.repeat(room % 3)
    const bystander = await connect({ label: 'bystander' })
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    subscriber.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: name, qos: 1 }] })
    const suback = () => subscriber.inbox.find(({ cmd }) => cmd === 'suback')
    await subscriber.until('SUBACK or the end', () => subscriber.ended || suback() !== undefined)
    publisher.startPublish(name, 'x', { qos: 1 })
    const puback = () => publisher.inbox.find(({ cmd }) => cmd === 'puback')
    await publisher.until('PUBACK or the end', () => publisher.ended || puback() !== undefined)
    const subscribed = (suback()?.codes[0] ?? 0x80) < 0x80
    const published = (puback()?.reasonCode ?? 0x80) < 0x80
    if (subscribed && published) {
      const message = await subscriber.message()
      same(
        [message.topic === name, message.text],
        [true, 'x'],
        'whether the topic is the same, and the payload'
      )
    }
    await bystander.ping()
  }
}

import { rawPublish, rawSubscribe, rawUnsubscribe } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { illFormed, within } from '../ill-formed.js'
import { eachCloses, type Labelled } from './each-closes.js'

export const illFormedTopic: CaseDefinition = {
  name: 'ill-formed-topic',
  title: 'a PUBLISH whose topic is no UTF-8 ends the connection',
  proves: { '3.1.1': ['1.5.3-1', '3.3.2-1'], '5.0': ['1.5.4-1', '3.3.2-1'] },
  async run(scene) {
    const packets = illFormed.map(
      ([why, bytes]): Labelled => [
        `PUBLISH with ${why} in its topic`,
        rawPublish(scene.level, within(scene.topic('a'), bytes))
      ]
    )
    await eachCloses(scene, packets, 0x81, 0x90)
  }
}

export const illFormedFilter: CaseDefinition = {
  name: 'ill-formed-filter',
  title: 'a SUBSCRIBE or UNSUBSCRIBE whose filter is no UTF-8 ends the connection',
  proves: { '3.1.1': ['1.5.3-1'], '5.0': ['1.5.4-1'] },
  async run(scene) {
    const packets = illFormed.slice(0, 4).flatMap(([why, bytes]): Labelled[] => {
      const filter = within(scene.topic('a'), bytes)
      return [
        [`SUBSCRIBE with ${why} in its filter`, rawSubscribe(scene.level, [[filter, 0]])],
        [`UNSUBSCRIBE with ${why} in its filter`, rawUnsubscribe(scene.level, [filter])]
      ]
    })
    await eachCloses(scene, packets, 0x81)
  }
}

export const nullCharacter: CaseDefinition = {
  name: 'null-character',
  title: 'a packet with U+0000 in a topic or filter ends the connection',
  proves: { '3.1.1': ['1.5.3-2'], '5.0': ['1.5.4-2'] },
  async run(scene) {
    const { level, topic } = scene
    const packets = [topic('a\0b'), topic('\0'), `\0${topic()}`].flatMap((text): Labelled[] => [
      ['PUBLISH with U+0000 in its topic', rawPublish(level, text)],
      ['SUBSCRIBE with U+0000 in its filter', rawSubscribe(level, [[text, 0]])],
      ['UNSUBSCRIBE with U+0000 in its filter', rawUnsubscribe(level, [text])]
    ])
    await eachCloses(scene, packets, 0x81, 0x90)
  }
}

export const byteOrderMark: CaseDefinition = {
  name: 'byte-order-mark',
  title: 'the character U+FEFF is one like others: in a topic nobody leaves it out',
  proves: { '3.1.1': ['1.5.3-3'], '5.0': ['1.5.4-3'] },
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    const without = await connect({ label: 'without' })
    const names = [`\uFEFF${topic()}`, topic('\uFEFFb'), topic('c\uFEFF')]
    await subscriber.subscribe(names)
    await without.subscribe(names.map(name => name.replace('\uFEFF', '')))
    for (const name of names) {
      await publisher.publish(name)
      same((await subscriber.message()).topic, name, 'the topic')
    }
    const others = await without.messagesBeforeMarker(publisher, { qos: 0 })
    same(others.length, 0, 'messages to those who subscribed without U+FEFF')
  }
}

/** The first and last characters of each length in UTF-8, as far as they are no control characters. */
const characters = [
  '~',
  '\u00A0',
  '\u07FF',
  '\u0800',
  '\uD7FB',
  '\uE000',
  '\uFFFD',
  '\u{10000}',
  '\u{10FFFD}'
]

export const anyCharacter: CaseDefinition = {
  name: 'topics-of-any-characters',
  title: 'a topic of characters of one to four bytes reaches the subscriber byte by byte',
  proves: { '3.1.1': ['3.3.2-1'], '5.0': ['3.3.2-1'] },
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    for (const name of [topic(characters.join('')), topic('é'), topic('e\u0301'), topic('With Spaces 😀')]) {
      await subscriber.subscribe(name)
      await publisher.publish(name)
      same((await subscriber.message()).topic, name, 'the topic')
    }
    // Two ways to write é, which are two topics.
    await subscriber.unsubscribe(topic('é'))
    await publisher.publish(topic('é'))
    const more = await subscriber.messagesBeforeMarker(publisher, { qos: 0 })
    same(more.length, 0, 'messages of a topic that only looks like one of the filters')
  }
}

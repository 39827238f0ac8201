import { field, packet, rawPublish, u16 } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { eachCloses, type Labelled } from './each-closes.js'

export const topicBeyondPacket: CaseDefinition = {
  name: 'topic-beyond-packet',
  title: 'a PUBLISH whose topic does not fit into it ends the connection',
  proves: { '3.1.1': ['3.3.2-1'], '5.0': ['3.3.2-1'] },
  async run(scene) {
    const { topic } = scene
    const packets: Labelled[] = [
      ['PUBLISH with a topic longer than the packet', packet(0x30, u16(200), topic())],
      ['PUBLISH with a topic of 65535 bytes, of which none came', packet(0x30, u16(65_535))],
      ['PUBLISH with half the length of its topic', packet(0x30, [0])],
      ['PUBLISH with nothing in it', packet(0x30)]
    ]
    await eachCloses(scene, packets, 0x81)
  }
}

export const propertiesBeyondPacket: CaseDefinition = {
  name: 'publish-properties-beyond-packet',
  title: 'a PUBLISH whose properties are missing or do not fit into it ends the connection',
  proves: { '5.0': ['4.13.1-1'] },
  async run(scene) {
    const topic = scene.topic()
    const packets: Labelled[] = [
      ['PUBLISH without a property length', packet(0x30, field(topic))],
      ['PUBLISH with properties longer than the packet', rawPublish(5, topic, { properties: [9, 1] })],
      ['PUBLISH with half a property', rawPublish(5, topic, { properties: [2, 2, 0], payload: '' })]
    ]
    await eachCloses(scene, packets, 0x81)
  }
}

export const identifierBeyondPacket: CaseDefinition = {
  name: 'identifier-beyond-packet',
  title: 'a PUBLISH of QoS 1 that ends before its packet identifier ends the connection',
  proves: { '3.1.1': ['4.8.0-1'], '5.0': ['4.13.1-1'] },
  needs: ['qos1'],
  async run(scene) {
    const topic = scene.topic()
    const packets = [0, 1].map(
      (bytes): Labelled => [
        `PUBLISH of QoS 1 with ${bytes} bytes behind its topic`,
        packet(0x32, field(topic), [1].slice(0, bytes))
      ]
    )
    await eachCloses(scene, packets, 0x81)
  }
}

export const wildcardsInTopic: CaseDefinition = {
  name: 'wildcards-in-topic',
  title: 'a PUBLISH whose topic has a wildcard in it ends the connection',
  proves: { '3.1.1': ['3.3.2-2'], '5.0': ['3.3.2-2'] },
  async run(scene) {
    const { level, topic } = scene
    const names = [topic('+'), topic('#'), topic('+/b'), '#', '+', topic('a#'), topic('a+b')]
    const packets = names.map((name): Labelled => [`PUBLISH to '${name}'`, rawPublish(level, name)])
    await eachCloses(scene, packets, 0x81, 0x82, 0x90)
  }
}

export const emptyTopic: CaseDefinition = {
  name: 'empty-topic-without-alias',
  title: 'a PUBLISH with an empty topic and no topic alias ends the connection',
  proves: { '5.0': ['4.13.1-1'] },
  async run(scene) {
    await eachCloses(scene, [['PUBLISH to nothing', rawPublish(5, '')]], 0x81, 0x82, 0x90)
  }
}

export const topicMatches: CaseDefinition = {
  name: 'delivered-topics',
  title: 'messages come under the topic that they were published to, and only those that match a filter',
  proves: { '3.1.1': ['3.3.2-3'], '5.0': ['3.3.2-3'] },
  needs: ['wildcards'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe([topic('a'), topic('b/+'), topic('c/#'), topic('+/z')])
    const matching = ['a', 'b/1', 'b/', 'c', 'c/1', 'c/1/2', 'y/z'].map(topic)
    const others = ['A', 'a/', 'a/1', 'b', 'b/1/2', 'cc', 'z', 'x/y/z', 'y/Z'].map(topic)
    for (const name of [...others, ...matching]) await publisher.publish(name, name)
    const found = await subscriber.messages(matching.length)
    found.push(...(await subscriber.messagesBeforeMarker(publisher, { qos: 0 })))
    const names = found.map(({ topic, text }) => `${topic} for ${text}`).sort()
    same(names, matching.map(name => `${name} for ${name}`).sort(), 'the topics that came')
  }
}

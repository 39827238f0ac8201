import { rawPublish } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { refusesRequest } from './answers.js'
import { takes, texts } from './subscriptions.js'

export const wildcardsInTopic: CaseDefinition = {
  name: 'wildcards-in-topic-name',
  title: 'PUBLISH to a topic with wildcards ends the connection, and is given to nobody',
  proves: { '3.1.1': ['4.7.1-1'], '5.0': ['4.7.0-1'] },
  async run({ connect, facts, level, same, topic }) {
    const watcher = await connect({ label: 'watcher' })
    if (facts.wildcards) await watcher.subscribe(topic('#'))
    await watcher.subscribe(topic('a'))
    for (const name of ['+', '#', 'a/+', 'a/#', 'a+', 'a#', '+/a'].map(topic)) {
      const client = await connect()
      client.raw(rawPublish(level, name), `PUBLISH to '${name}'`)
      await client.closes(0x81, 0x82, 0x90)
    }
    const marked = await connect({ label: 'marker' })
    same(texts(await watcher.messagesBeforeMarker(marked, { qos: 0 })), [], 'what the watcher got')
  }
}

export const wildcardsInWillTopic: CaseDefinition = {
  name: 'wildcards-in-will-topic',
  title: 'CONNECT with wildcards in the will topic is refused',
  proves: { '3.1.1': ['4.7.1-1'], '5.0': ['4.7.0-1'] },
  async run({ connectPacket, open, topic }) {
    for (const name of ['+', '#', 'a/+'].map(topic)) {
      const client = await open()
      client.send(connectPacket({ will: { topic: name } }))
      await client.refuses({ '3.1.1': [1, 2, 3, 4, 5], '5.0': [0x81, 0x82, 0x90] })
    }
  }
}

export const multiLevelWildcard: CaseDefinition = {
  name: 'multi-level-wildcard',
  title: 'the filter a/# takes a and all below it, however deep',
  proves: { '3.1.1': ['4.7.1-2'], '5.0': ['4.7.1-1'] },
  needs: ['wildcards', 'qos1'],
  async run(scene) {
    const taken = ['a', 'a/', 'a/b', 'a//b', 'a/b/c/d/e'].map(scene.topic)
    const left = ['b', 'ab', 'a b', 'b/a', 'A/b'].map(scene.topic)
    await takes(scene, scene.topic('a/#'), { taken, left: [...left, `/${scene.topic('a')}`] })
  }
}

export const multiLevelAlone: CaseDefinition = {
  name: 'multi-level-wildcard-alone',
  title: 'the filter # takes all topics, and /# those with an empty first level',
  proves: { '3.1.1': ['4.7.1-2'], '5.0': ['4.7.1-1'] },
  needs: ['wildcards', 'qos1'],
  async run(scene) {
    const { root, topic } = scene
    await takes(scene, '#', { taken: [root, topic(), `/${root}`, topic('b/c/')], left: [] })
    await takes(scene, '/#', { taken: [`/${root}`, `/${topic('b')}`], left: [root, topic()] })
  }
}

export const singleLevelWildcard: CaseDefinition = {
  name: 'single-level-wildcard',
  title: 'the wildcard + takes exactly one level, which may be empty, at any place',
  proves: { '3.1.1': ['4.7.1-3'], '5.0': ['4.7.1-2'] },
  needs: ['wildcards', 'qos1'],
  async run(scene) {
    const { root, topic } = scene
    const last = { taken: ['a', 'b c', ''].map(topic), left: [root, topic('a/b'), topic('a/'), `/${root}`] }
    await takes(scene, topic('+'), last)
    const middle = { taken: ['a/x', '/x'].map(topic), left: ['x', 'a/b/x', 'a/y', 'a/x/', 'a'].map(topic) }
    await takes(scene, topic('+/x'), middle)
    await takes(scene, `+/${root}`, { taken: [`/${root}`, topic(root)], left: [root, topic(), `//${root}`] })
    const both = { taken: ['x/a', 'x/', 'x/a/b'].map(topic), left: ['x', 'y/a'].map(topic) }
    await takes(scene, `+/x/+/#`, both)
  }
}

const misused = {
  multi: ['a#', '#a', 'a/#/b', 'a/b#', '##', '#/'],
  single: ['a+', '+a', 'a/+b', 'a/b+/c', '++', '+#']
}

export const multiLevelMisused: CaseDefinition = {
  name: 'multi-level-wildcard-misused',
  title: 'a filter with # beside other characters, or not at its end, is refused',
  proves: { '3.1.1': ['4.7.1-2'], '5.0': ['4.7.1-1'] },
  needs: ['wildcards'],
  async run({ connect, topic }) {
    for (const filter of misused.multi.map(topic)) {
      const client = await connect()
      client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: filter, qos: 0 }] })
      await refusesRequest(client, 'suback', [0x81, 0x82, 0x8f])
    }
  }
}

export const singleLevelMisused: CaseDefinition = {
  name: 'single-level-wildcard-misused',
  title: 'a filter with + beside other characters of a level is refused',
  proves: { '3.1.1': ['4.7.1-3'], '5.0': ['4.7.1-2'] },
  needs: ['wildcards'],
  async run({ connect, topic }) {
    for (const filter of misused.single.map(topic)) {
      const client = await connect()
      client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: filter, qos: 0 }] })
      await refusesRequest(client, 'suback', [0x81, 0x82, 0x8f])
    }
  }
}

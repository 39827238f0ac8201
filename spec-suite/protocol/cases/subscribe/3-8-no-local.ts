import { rawSubscribe } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { eachCloses } from './answers.js'
import { texts } from './subscriptions.js'

export const noLocal: CaseDefinition = {
  name: 'no-local',
  title: 'with No Local 1 a client gets the messages of others, and not its own',
  proves: { '5.0': ['3.8.3-3'] },
  needs: ['qos1'],
  async run({ connect, same, topic }) {
    const client = await connect()
    const other = await connect({ label: 'other' })
    await client.subscribe(topic(), { qos: 1, nl: true })
    await client.publish(topic(), 'own of QoS 0')
    await client.publish(topic(), 'own of QoS 1', { qos: 1 })
    same(texts(await client.messagesBeforeMarker(client)), [], 'own messages')
    await other.publish(topic(), 'from another', { qos: 1 })
    same((await client.message()).text, 'from another', 'the message')
  }
}

export const noLocalOnlyThere: CaseDefinition = {
  name: 'no-local-one-of-two',
  title: 'No Local is an option of one subscription: another one of the client still brings its own messages',
  proves: { '5.0': ['3.8.3-3'] },
  needs: ['qos1'],
  async run({ connect, same, topic }) {
    const client = await connect()
    await client.subscribe(topic('others'), { qos: 1, nl: true })
    await client.subscribe(topic('all'), { qos: 1 })
    await client.publish(topic('others'), 'not for me', { qos: 1 })
    await client.publish(topic('all'), 'for me', { qos: 1 })
    same((await client.message()).text, 'for me', 'the message')
    same(texts(await client.messagesBeforeMarker(client)), [], 'other messages')
  }
}

export const noLocalShared: CaseDefinition = {
  name: 'no-local-shared',
  title: 'No Local 1 on a shared subscription ends the connection',
  proves: { '5.0': ['3.8.3-4'] },
  needs: ['sharedSubscriptions'],
  async run(scene) {
    const bytes = rawSubscribe(5, [[`$share/group/${scene.topic()}`, 0x04]])
    await eachCloses(scene, 'suback', [0x82], [['SUBSCRIBE to a shared filter with No Local 1', bytes]])
  }
}

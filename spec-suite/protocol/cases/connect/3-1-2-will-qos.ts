import type { CaseDefinition } from '../../case.js'
import { bit, connectBytes, willBytes } from './connect-bytes.js'
import { allRefused, isTaken } from './refusal.js'

export const willQos: CaseDefinition = {
  name: 'will-qos',
  title: 'a will may have QoS 0, 1 and 2, and is published with it',
  proves: { '3.1.1': ['3.1.2-14'], '5.0': ['3.1.2-12'] },
  needs: ['qos2'],
  async run({ connect, topic, same }) {
    const subscriber = await connect({ label: 'subscriber' })
    const [granted = 0] = await subscriber.subscribe(topic(), { qos: 2 })
    for (const qos of [0, 1, 2] as const) {
      const client = await connect({ will: { topic: topic(), payload: Buffer.from(`will ${qos}`), qos } })
      client.cut()
      const will = await subscriber.message()
      same([will.text, will.qos], [`will ${qos}`, Math.min(qos, granted)], 'payload and QoS of the will')
    }
  }
}

export const willQos3: CaseDefinition = {
  name: 'will-qos-3',
  title: 'a CONNECT with Will QoS 3 is refused',
  proves: { '3.1.1': ['3.1.2-14', '3.1.4-1'], '5.0': ['3.1.2-12', '3.1.4-1'] },
  async run(scene) {
    const will = willBytes(scene, scene.topic())
    await isTaken(scene, connectBytes(scene, { flags: bit.will, will }))
    const wrong = connectBytes(scene, { flags: bit.will | (bit.willQos * 3), will })
    // With 0x9B it is a QoS that this server does not have.
    await allRefused(scene, [['Will QoS 3', wrong]], { '5.0': [0x81, 0x9b] })
  }
}

import type { CaseDefinition } from '../../case.js'

const qualities = [0, 1, 2] as const

export const grantedQos: CaseDefinition = {
  name: 'granted-qos',
  title: 'a message is delivered at the lower of its QoS and the granted one',
  proves: { '3.1.1': ['3.8.4-6'], '5.0': ['3.8.4-8'] },
  needs: ['qos2'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    for (const wanted of qualities) {
      const [granted = 0x80] = await subscriber.subscribe(topic(`${wanted}`), { qos: wanted })
      for (const qos of qualities) {
        await publisher.publish(topic(`${wanted}`), `QoS ${qos}`, { qos })
        const message = await subscriber.message()
        same([message.text, message.qos], [`QoS ${qos}`, Math.min(qos, granted)], 'payload and QoS')
      }
    }
  }
}

import type { CaseDefinition } from '../../case.js'
import { collected } from './groups.js'

export const sharedGrantedQos: CaseDefinition = {
  name: 'shared-granted-qos',
  title: 'each member of a group gets its messages within its own granted QoS',
  proves: { '5.0': ['3.8.4-8', '4.8.2-3'] },
  needs: ['sharedSubscriptions', 'qos1'],
  async run({ connect, same, topic }) {
    const publisher = await connect({ label: 'publisher' })
    const low = await connect({ label: 'member with QoS 0' })
    const high = await connect({ label: 'member with QoS 1' })
    const filter = `$share/group/${topic()}`
    const [lowest = 0x80] = await low.subscribe(filter, { qos: 0 })
    await publisher.publish(topic(), 'alone', { qos: 1 })
    same((await low.message()).qos, lowest, 'the QoS of the member with QoS 0 alone')

    const [highest = 0x80] = await high.subscribe(filter, { qos: 1 })
    for (let i = 0; i < 9; i++) await publisher.publish(topic(), `number ${i}`, { qos: 1 })
    const [ofLow = [], ofHigh = []] = await collected([low, high], publisher, 9)
    same(ofLow.length + ofHigh.length, 9, 'the number of messages for both')
    same(
      [...ofLow.map(({ qos }) => qos - lowest), ...ofHigh.map(({ qos }) => qos - highest)],
      Array.from({ length: 9 }, () => 0),
      'differences between the QoS of the messages and the granted one'
    )

    await low.unsubscribe(filter)
    await publisher.publish(topic(), 'alone', { qos: 1 })
    same((await high.message()).qos, highest, 'the QoS of the member with QoS 1 alone')
  }
}

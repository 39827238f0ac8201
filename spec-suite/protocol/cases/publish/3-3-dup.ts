import type { CaseDefinition } from '../../case.js'

export const redelivered: CaseDefinition = {
  name: 'redelivered-with-dup',
  title: 'a message that was not acknowledged is sent again in the next connection, with DUP 1',
  proves: { '3.1.1': ['3.3.1-1'], '5.0': ['3.3.1-1'] },
  needs: ['qos1', 'sessions'],
  async run({ connect, topic, same, notApplicable, facts }) {
    const publisher = await connect({ label: 'publisher' })
    for (const qos of facts.maximumQos === 2 ? ([1, 2] as const) : ([1] as const)) {
      const subscriber = await connect({ label: 'subscriber', keep: 60 })
      subscriber.acknowledges = false
      await subscriber.subscribe(topic(`${qos}`), { qos })
      await publisher.publish(topic(`${qos}`), 'again', { qos })
      const first = await subscriber.message()
      if (first.qos === 0) notApplicable('the broker grants QoS 0 only')
      subscriber.cut()
      const later = await connect({ label: 'subscriber', keep: 60, clientId: subscriber.clientId })
      const again = await later.message()
      same([again.text, again.qos, again.dup], ['again', first.qos, true], 'payload, QoS and DUP')
    }
  }
}

export const dupAtQos0: CaseDefinition = {
  name: 'no-dup-at-qos-0',
  title: 'a message delivered at QoS 0 has DUP 0, whatever it came with',
  proves: { '3.1.1': ['3.3.1-2', '3.3.1-3'], '5.0': ['3.3.1-2', '3.3.1-3'] },
  needs: ['qos2'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    for (const qos of [0, 1, 2] as const) {
      await publisher.publish(topic(), `QoS ${qos}`, { qos, dup: qos > 0 })
      const { text, dup } = await subscriber.message()
      same([text, dup], [`QoS ${qos}`, false], 'payload and DUP')
    }
  }
}

export const dupNotForwarded: CaseDefinition = {
  name: 'dup-is-not-forwarded',
  title: 'DUP of a message is not that of the publisher: sent for the first time it is 0',
  proves: { '3.1.1': ['3.3.1-3'], '5.0': ['3.3.1-3'] },
  needs: ['qos2'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos: 2 })
    for (const qos of [1, 2] as const) {
      await publisher.publish(topic(), `QoS ${qos}`, { qos, dup: true })
      const { text, dup } = await subscriber.message()
      same([text, dup], [`QoS ${qos}`, false], 'payload and DUP')
    }
  }
}

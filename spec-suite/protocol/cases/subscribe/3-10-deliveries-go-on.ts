import type { CaseDefinition } from '../../case.js'

export const unsubscribeAmidQos2: CaseDefinition = {
  name: 'unsubscribe-amid-qos-2',
  title: 'a delivery of QoS 2 that has begun is completed after UNSUBSCRIBE',
  proves: { '3.1.1': ['3.10.4-3'], '5.0': ['3.10.4-3'] },
  needs: ['qos2'],
  async run({ connect, notApplicable, same, topic }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber', acknowledges: false })
    const [granted] = await subscriber.subscribe(topic(), { qos: 2 })
    if (granted !== 2) notApplicable('the broker grants a lower QoS')
    await publisher.publish(topic(), 'x', { qos: 2 })
    const message = await subscriber.message()
    await subscriber.unsubscribe(topic())
    subscriber.acknowledge(message)
    const { messageId } = await subscriber.next('pubrel')
    same(messageId, message.messageId, 'the identifier of PUBREL')
    subscriber.send({ cmd: 'pubcomp', messageId })
    await subscriber.ping()
  }
}

export const unsubscribeAmidQos1: CaseDefinition = {
  name: 'unsubscribe-amid-qos-1',
  title: 'a message of QoS 1 that was not acknowledged comes again, though its filter is gone',
  proves: { '3.1.1': ['3.10.4-3'], '5.0': ['3.10.4-3'] },
  needs: ['qos1', 'sessions'],
  async run({ connect, notApplicable, same, topic }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber', acknowledges: false, keep: 60 })
    const { clientId } = subscriber
    const [granted] = await subscriber.subscribe(topic(), { qos: 1 })
    if (granted !== 1) notApplicable('the broker grants a lower QoS')
    await publisher.publish(topic(), 'begun', { qos: 1 })
    const { messageId } = await subscriber.message()
    await subscriber.unsubscribe(topic())
    subscriber.cut()
    const back = await connect({ label: 'subscriber', clientId, keep: 60 })
    const again = await back.message()
    same([again.text, again.messageId], ['begun', messageId], 'payload and identifier')
  }
}

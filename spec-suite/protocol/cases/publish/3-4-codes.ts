import type { CaseDefinition } from '../../case.js'

export const codeOfPuback: CaseDefinition = {
  name: 'puback-codes',
  title: 'PUBACK has code 0x00 when somebody gets the message, and may say 0x10 when nobody does',
  proves: { '5.0': ['3.4.2-1'] },
  needs: ['qos1'],
  async run({ connect, topic, same, check }) {
    const client = await connect()
    const nobody = await client.publish(topic(), 'x', { qos: 1 })
    check([0x00, 0x10].includes(nobody), 'code 0x00 or 0x10', `it was ${nobody}`)
    await client.subscribe(topic())
    same(await client.publish(topic(), 'x', { qos: 1 }), 0, 'the code when there is a subscriber')
  }
}

export const codeOfPubrec: CaseDefinition = {
  name: 'pubrec-codes',
  title: 'PUBREC has code 0x00 when somebody gets the message, and may say 0x10 when nobody does',
  proves: { '5.0': ['3.5.2-1'] },
  needs: ['qos2'],
  async run({ connect, topic, same, check }) {
    const client = await connect()
    const nobody = await client.publish(topic(), 'x', { qos: 2 })
    check([0x00, 0x10].includes(nobody), 'code 0x00 or 0x10', `it was ${nobody}`)
    await client.subscribe(topic())
    same(await client.publish(topic(), 'x', { qos: 2 }), 0, 'the code when there is a subscriber')
  }
}

export const codeOfPubrel: CaseDefinition = {
  name: 'pubrel-codes',
  title: 'PUBREL has code 0x00 for a message under way; for one that is not known it may say 0x92',
  proves: { '5.0': ['3.6.2-1'] },
  needs: ['qos2'],
  async run({ connect, topic, same, notApplicable }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    subscriber.acknowledges = false
    await subscriber.subscribe(topic(), { qos: 2 })
    await publisher.publish(topic(), 'x', { qos: 2 })
    const message = await subscriber.message()
    if (message.qos < 2) notApplicable(`the broker delivers QoS 2 as QoS ${message.qos}`)
    subscriber.acknowledge(message)
    same((await subscriber.next('pubrel')).reasonCode, 0, 'the code of PUBREL')
    subscriber.send({ cmd: 'pubcomp', messageId: message.messageId })
    // What it makes of this is its own affair; the watch looks at the code of a PUBREL.
    subscriber.send({ cmd: 'pubrec', messageId: 4711 })
    subscriber.send({ cmd: 'pingreq' })
    const over = () => subscriber.inbox.some(({ cmd }) => cmd === 'pingresp')
    await subscriber.until('PINGRESP, or the end', over, true)
    if (subscriber.ended) await subscriber.closes(0x82)
  }
}

export const codeOfPubcomp: CaseDefinition = {
  name: 'pubcomp-codes',
  title: 'PUBCOMP has code 0x00 for a message under way; for one that is not known it may say 0x92',
  proves: { '5.0': ['3.7.2-1'] },
  needs: ['qos2'],
  async run({ connect, topic, same, check }) {
    const client = await connect()
    client.startPublish(topic(), 'x', { qos: 2, messageId: 7 })
    await client.next('pubrec')
    client.send({ cmd: 'pubrel', messageId: 7 })
    same((await client.next('pubcomp')).reasonCode, 0, 'the code for a message under way')
    client.send({ cmd: 'pubrel', messageId: 4711 })
    const unknown = await client.next('pubcomp')
    same(unknown.messageId, 4711, 'the packet identifier')
    check([0x00, 0x92].includes(unknown.reasonCode), 'code 0x92, or 0x00', `it was ${unknown.reasonCode}`)
  }
}

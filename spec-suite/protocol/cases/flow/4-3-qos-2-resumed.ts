import type { CaseDefinition } from '../../case.js'

const messageId = 700
const own = (packet: { messageId: number }) => packet.messageId === messageId

export const publishAfterResume: CaseDefinition = {
  name: 'qos-2-publish-after-resume',
  title: 'a message of QoS 2 that a resumed client sends again is answered by PUBREC and delivered once',
  proves: { '3.1.1': ['4.3.3-2'], '5.0': ['4.3.3-10', '4.3.3-11'] },
  needs: ['qos2', 'sessions'],
  async run({ connect, clientId, topic, same }) {
    const options = { label: 'publisher', clientId: clientId(), keep: 60 }
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos: 2 })
    const first = await connect(options)
    first.startPublish(topic(), 'one', { qos: 2, messageId })
    await first.next('pubrec')
    first.cut()
    const second = await connect(options)
    // Some brokers repeat their PUBREC at once, unasked: that is not the answer that is wanted here.
    await second.ping()
    second.inbox.length = 0
    second.startPublish(topic(), 'one', { qos: 2, messageId, dup: true })
    same((await second.next('pubrec', own)).reasonCode, 0, 'the code of PUBREC')
    second.send({ cmd: 'pubrel', messageId })
    same((await second.next('pubcomp', own)).reasonCode, 0, 'the code of PUBCOMP')
    const messages = await subscriber.messagesBeforeMarker(second, { topic: topic(), qos: 2 })
    const texts = messages.map(({ text }) => text)
    same(texts, ['one'], 'the messages that came')
  }
}

export const pubrelAfterResume: CaseDefinition = {
  name: 'qos-2-pubrel-after-resume',
  title:
    'a PUBREL of a resumed client is answered by PUBCOMP, also a second time, and its message comes once',
  proves: { '3.1.1': ['4.3.3-2'], '5.0': ['4.3.3-11'] },
  needs: ['qos2', 'sessions'],
  async run({ connect, clientId, topic, same }) {
    const options = { label: 'publisher', clientId: clientId(), keep: 60 }
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos: 2 })
    const first = await connect(options)
    first.startPublish(topic(), 'one', { qos: 2, messageId })
    await first.next('pubrec')
    first.cut()
    const second = await connect(options)
    second.send({ cmd: 'pubrel', messageId })
    same((await second.next('pubcomp', own)).reasonCode, 0, 'the code of PUBCOMP')
    second.cut()
    // As if the PUBCOMP had been lost. Whether the identifier is still known is the broker's choice.
    const third = await connect(options)
    third.send({ cmd: 'pubrel', messageId })
    await third.next('pubcomp', own)
    const messages = await subscriber.messagesBeforeMarker(third, { topic: topic(), qos: 2 })
    const texts = messages.map(({ text }) => text)
    same(texts, ['one'], 'the messages that came')
  }
}

export const unknownPubrel: CaseDefinition = {
  name: 'qos-2-unknown-pubrel',
  title: 'a PUBREL with an identifier that the broker does not know is answered by PUBCOMP',
  proves: { '3.1.1': ['4.3.3-2'], '5.0': ['4.3.3-11'] },
  needs: ['qos2'],
  async run({ connect }) {
    const client = await connect()
    // The code is 0x92 or 0x00: 5.0 explains both, and commands neither.
    for (const id of [1, 65_535]) {
      client.send({ cmd: 'pubrel', messageId: id })
      await client.next('pubcomp', packet => packet.messageId === id, `PUBCOMP ${id}`)
    }
    await client.ping()
  }
}

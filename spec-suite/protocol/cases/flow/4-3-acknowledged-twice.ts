import type { CaseDefinition } from '../../case.js'
import { complete, released, settled } from './hold.js'

// That the broker closes the connection of a client that makes such a mistake is no harm: it can resume its session.

export const pubackTwice: CaseDefinition = {
  name: 'qos-1-puback-twice',
  title: 'a second PUBACK for a message acknowledges no later one',
  proves: { '3.1.1': ['4.3.2-1'], '5.0': ['4.3.2-3'] },
  needs: ['qos1', 'sessions'],
  async run({ connect, clientId, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const options = { label: 'subscriber', clientId: clientId(), keep: 60, acknowledges: false }
    const first = await connect(options)
    await first.subscribe(topic(), { qos: 1 })
    await publisher.publish(topic(), 'done', { qos: 1 })
    const done = await first.message()
    first.acknowledge(done)
    first.acknowledge(done)
    await settled(first)
    await publisher.publish(topic(), 'open', { qos: 1 })
    if (!first.ended) await first.message()
    first.cut()
    const second = await connect(options)
    const again = await second.message()
    second.acknowledge(again)
    await second.ping()
    const others = second.inbox.map(({ cmd, text }) => `${cmd} ${text}`)
    same([again.text, ...others], ['open'], 'the message that was sent again')
  }
}

export const qos2AcknowledgedTwice: CaseDefinition = {
  name: 'qos-2-acknowledgements-twice',
  title: 'a second PUBREC or PUBCOMP for a message brings it not again, and acknowledges no later one',
  proves: { '3.1.1': ['4.3.3-1'], '5.0': ['4.3.3-3', '4.3.3-6'] },
  needs: ['qos2', 'sessions'],
  async run({ connect, clientId, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const options = { label: 'subscriber', clientId: clientId(), keep: 60, acknowledges: false }
    const first = await connect(options)
    await first.subscribe(topic(), { qos: 2 })
    await publisher.publish(topic(), 'done', { qos: 2 })
    const done = await first.message()
    first.acknowledge(done)
    await released(first, done)
    first.acknowledge(done)
    first.send({ cmd: 'pubcomp', messageId: done.messageId })
    first.send({ cmd: 'pubcomp', messageId: done.messageId })
    await settled(first)
    await publisher.publish(topic(), 'open', { qos: 2 })
    const seen = first.ended ? undefined : await first.message()
    first.cut()
    const second = await connect(options)
    const again = await second.message()
    same(again.text, 'open', 'the message that was sent again')
    if (seen) same(again.messageId, seen.messageId, 'its identifier')
    await complete(second, again)
    const marker = await connect({ label: 'other publisher' })
    await marker.publish(topic(), 'last', { qos: 2 })
    same((await second.message()).text, 'last', 'the next message')
  }
}

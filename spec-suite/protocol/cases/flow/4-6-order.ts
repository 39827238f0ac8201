import type { CaseDefinition } from '../../case.js'
import type { Scene } from '../../scene.js'
import { burst, numbers } from './burst.js'
import { hold } from './hold.js'

const proves = { '3.1.1': ['4.6.0-6', '4.6.0-5'], '5.0': ['4.6.0-5', '4.6.0-6'] } as const

export const orderQos0: CaseDefinition = {
  name: 'order-qos-0',
  title: 'messages of QoS 0 come in the order in which they were published',
  proves,
  async run({ connect, topic, facts: { receiveMaximum }, check }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    await burst(publisher, topic(), numbers(300), { qos: 0, receiveMaximum })
    const first = await subscriber.message()
    for (const client of [publisher, subscriber]) await client.ping()
    // A marker of QoS 1 may overtake them: there is an order within one QoS only.
    const others = await subscriber.messagesBeforeMarker(publisher, { topic: topic(), qos: 0 })
    const found = [first, ...others].map(({ text }) => Number(text))
    // Some may be lost.
    const wrong = found.find((number, i) => number <= (found[i - 1] ?? 0))
    check(found.length > 1, 'messages of QoS 0', `${found.length} came`)
    check(wrong === undefined, 'rising numbers', `${wrong} came after a higher one, or twice`)
  }
}

const order = (qos: 1 | 2): CaseDefinition => ({
  name: `order-qos-${qos}`,
  title: `messages of QoS ${qos} come in the order in which they were published, from each of two publishers`,
  proves,
  needs: [`qos${qos}`],
  async run({ connect, topic, facts: { receiveMaximum }, same }) {
    const publishers = [await connect({ label: 'publisher' }), await connect({ label: 'publisher' })]
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos })
    const firsts = [1, 1001]
    await Promise.all(
      publishers.map((publisher, i) =>
        burst(publisher, topic(), numbers(150, firsts[i]!), { qos, receiveMaximum })
      )
    )
    const texts: string[] = []
    while (texts.length < 300) {
      const { dup, text } = await subscriber.message()
      // 3.1.1 lets a broker send a message again at any time.
      if (!dup) texts.push(text)
    }
    for (const first of firsts) {
      const own = numbers(150, first)
      const found = texts.filter(text => own.includes(text))
      same(found, own, 'the messages of one publisher')
    }
  }
})

export const orderQos1 = order(1)
export const orderQos2 = order(2)

export const orderQueued: CaseDefinition = {
  name: 'order-across-a-pause',
  title: 'messages that wait for a client come before those that are published when it is back, and in order',
  proves,
  needs: ['qos1', 'sessions'],
  async run(scene) {
    // Some brokers swap them only sometimes.
    for (let round = 0; round < 6; round++) await pause(scene, scene.topic(`${round}`))
  }
}

async function pause(scene: Scene, topic: string): Promise<void> {
  const { connect, clientId, facts, same } = scene
  const options = { qos: 1, receiveMaximum: facts.receiveMaximum } as const
  const publisher = await connect({ label: 'publisher' })
  const session = { label: 'subscriber', clientId: clientId(), keep: 60 }
  const first = await connect({ ...session, acknowledges: false })
  await first.subscribe(topic, { qos: 1 })
  await burst(publisher, topic, numbers(20), options)
  await first.message()
  first.cut()
  await burst(publisher, topic, numbers(40, 21), options)
  const second = await connect(session)
  // These meet the queued ones on their way.
  await burst(publisher, topic, numbers(40, 61), options)
  const messages = await second.messagesBeforeMarker(publisher, { topic })
  const texts = messages.map(({ text }) => text)
  same([...new Set(texts)], numbers(100), 'the messages that came, without repeats')
}

export const pubrelOrder: CaseDefinition = {
  name: 'order-of-pubrels',
  title: 'PUBRELs come in the order of the PUBRECs',
  proves: { '3.1.1': ['4.6.0-4', '4.6.0-6'] },
  needs: ['qos2'],
  async run({ connect, topic, facts: { receiveMaximum }, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber', acknowledges: false })
    await subscriber.subscribe(topic(), { qos: 2 })
    await burst(publisher, topic(), numbers(20), { qos: 2, receiveMaximum })
    const held = await hold(subscriber, 20)
    for (const message of held) subscriber.acknowledge(message)
    const found: number[] = []
    while (found.length < held.length) found.push((await subscriber.next('pubrel')).messageId)
    same(
      found,
      held.map(({ messageId }) => messageId),
      'the identifiers of the PUBRELs'
    )
  }
}

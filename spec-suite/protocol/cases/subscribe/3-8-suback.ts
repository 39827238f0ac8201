import { Breach, code } from '../../breach.js'
import type { CaseDefinition } from '../../case.js'
import { subscribeAll } from './subscriptions.js'

export const subackIdentifiers: CaseDefinition = {
  name: 'suback-identifiers',
  title: 'each SUBSCRIBE is answered by one SUBACK with its packet identifier, also of several at once',
  proves: { '3.1.1': ['3.8.4-1', '3.8.4-2'], '5.0': ['3.8.4-1', '3.8.4-2'] },
  async run({ connect, same, topic }) {
    const client = await connect()
    const ids = [1, 500, 65_535]
    for (const messageId of ids) {
      client.send({ cmd: 'subscribe', messageId, subscriptions: [{ topic: topic(`${messageId}`), qos: 0 }] })
    }
    const answers = [await client.next('suback'), await client.next('suback'), await client.next('suback')]
    same(
      answers.map(({ messageId }) => messageId).sort((a, b) => a - b),
      ids,
      'the identifiers'
    )
    await client.ping()
    same(
      client.inbox.map(({ cmd }) => cmd),
      [],
      'what came beside that'
    )
  }
}

export const subackCodes: CaseDefinition = {
  name: 'suback-codes',
  title: 'SUBACK has one code for each filter: a granted QoS that is not above the wanted one, or a failure',
  proves: { '3.1.1': ['3.8.4-5', '3.9.3-2'], '5.0': ['3.8.4-6', '3.8.4-7', '3.9.3-2'] },
  async run({ connect, facts, is5, same, topic }) {
    const client = await connect()
    const room = (facts.maximumPacketSize ?? 4000) / (topic('50/50').length + 3) - 1
    for (const count of [1, 5, 50].filter(one => one <= room)) {
      const wanted = Array.from({ length: count }, (_, i) => (i % 3) as 0 | 1 | 2)
      const subscriptions = wanted.map((qos, i) => ({ topic: topic(`${count}/${i}`), qos }))
      const codes = await subscribeAll(client, subscriptions)
      same(codes.length, count, 'the number of codes', is5 ? ['3.8.4-6'] : ['3.8.4-5'])
      for (const [i, one] of codes.entries()) checkGranted(one, wanted[i]!, is5 ? ['3.8.4-7'] : ['3.8.4-5'])
    }
  }
}

export const subackOrder: CaseDefinition = {
  name: 'suback-order',
  title: 'the codes of SUBACK are in the order of the filters',
  proves: { '3.1.1': ['3.9.3-1'], '5.0': ['3.9.3-1'] },
  needs: ['qos2'],
  async run({ connect, same, topic }) {
    const client = await connect()
    const publisher = await connect({ label: 'publisher' })
    const orders = [
      [2, 0, 1],
      [0, 2, 1],
      [1, 0, 2]
    ] as const
    for (const [row, wanted] of orders.entries()) {
      const subscriptions = wanted.map((qos, i) => ({ topic: topic(`${row}/${i}`), qos }))
      const codes = await subscribeAll(client, subscriptions)
      for (const [i, one] of codes.entries()) {
        checkGranted(one, wanted[i]!)
        if (one >= 0x80) continue
        await publisher.publish(topic(`${row}/${i}`), 'x', { qos: 2 })
        const { qos } = await client.message(topic(`${row}/${i}`))
        same(qos, one, 'the QoS of a message of QoS 2, compared with the code of its filter')
      }
    }
  }
}

export const subackOfRefusedFilter: CaseDefinition = {
  name: 'suback-of-refused-filter',
  title: 'a filter that is refused has its code in its place, and the others beside it are subscribed',
  proves: {
    '3.1.1': ['3.8.4-4', '3.8.4-5', '3.9.3-1', '3.9.3-2'],
    '5.0': ['3.8.4-5', '3.8.4-6', '3.8.4-7', '3.9.3-1', '3.9.3-2']
  },
  needs: ['refusedFilter'],
  async run({ connect, facts, same, topic }) {
    const client = await connect()
    const publisher = await connect({ label: 'publisher' })
    const filters = [topic('before'), facts.refusedFilter!, topic('after'), topic('last')]
    const codes = await client.subscribe(filters)
    const refused = codes.map(one => one >= 0x80)
    same(refused, [false, true, false, false], 'which filters were refused')
    for (const filter of [topic('before'), topic('after'), topic('last')]) {
      await publisher.publish(filter)
      await client.message(filter)
    }
  }
}

function checkGranted(granted: number, wanted: number, ids: readonly string[] = []): void {
  if (granted <= wanted || granted >= 0x80) return
  throw new Breach(`QoS ${wanted} or less, or a failure`, `the code was ${code(granted)}`, ids)
}

import type { CaseDefinition } from '../../case.js'
import { unsubscribeAs } from './subscriptions.js'

export const unsubackIdentifiers: CaseDefinition = {
  name: 'unsuback-identifiers',
  title: 'each UNSUBSCRIBE is answered by one UNSUBACK with its packet identifier, also of several at once',
  proves: { '3.1.1': ['3.10.4-4'], '5.0': ['3.10.4-4', '3.10.4-5'] },
  async run({ connect, same, topic }) {
    const client = await connect()
    const ids = [1, 777, 65_535]
    await client.subscribe(ids.map(id => topic(`${id}`)))
    for (const messageId of ids) {
      client.send({ cmd: 'unsubscribe', messageId, unsubscriptions: [topic(`${messageId}`)] })
    }
    const answers = [
      await client.next('unsuback'),
      await client.next('unsuback'),
      await client.next('unsuback')
    ]
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

export const unsubackOfUnknown: CaseDefinition = {
  name: 'unsuback-of-unknown-filter',
  title: 'UNSUBSCRIBE from a filter that the client does not have is answered as well',
  proves: { '3.1.1': ['3.10.4-5'], '5.0': ['3.10.4-4', '3.10.4-5'] },
  async run({ connect, topic }) {
    const client = await connect()
    await unsubscribeAs(client, 777, [topic('unknown')])
    await client.subscribe(topic())
    await unsubscribeAs(client, 778, [topic('unknown')])
    await client.ping()
  }
}

export const unsubackCodes: CaseDefinition = {
  name: 'unsuback-codes',
  title: 'UNSUBACK has a code for each filter, in their order: 0x11 only where there was no subscription',
  proves: { '5.0': ['3.10.4-6', '3.11.3-1', '3.11.3-2'] },
  async run({ connect, same, topic }) {
    const client = await connect()
    const [a, b, unknown] = [topic('a'), topic('b'), topic('unknown')]
    await client.subscribe([a, b])
    const codes = await client.unsubscribe(a, unknown, b, a)
    same(codes.length, 4, 'the number of codes', ['3.11.3-2'])
    // 0x00 where there was nothing to remove: 5.0 explains both codes, and commands neither.
    const meant = codes.map((one, i) => (one === 0 && i % 2 === 1 ? 0x11 : one))
    same(meant.slice(0, 3), [0x00, 0x11, 0x00], 'the codes of known, unknown, known', ['3.11.3-1'])
    same(meant[3], 0x11, 'the code of a filter that the same packet has removed before', ['3.10.4-6'])
  }
}

import { packet } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'

export const pingAnswered: CaseDefinition = {
  name: 'pingresp',
  title: 'each PINGREQ is answered by one PINGRESP',
  proves: { '3.1.1': ['3.12.4-1'], '5.0': ['3.12.4-1'] },
  async run({ connect, same, topic }) {
    const client = await connect()
    await client.ping()
    client.raw(Buffer.concat(Array.from({ length: 10 }, () => packet(0xc0))), 'PINGREQ, 10 times')
    for (let i = 0; i < 10; i++) await client.next('pingresp')
    await client.subscribe(topic())
    same(
      client.inbox.map(({ cmd }) => cmd),
      [],
      'what came beside that'
    )
  }
}

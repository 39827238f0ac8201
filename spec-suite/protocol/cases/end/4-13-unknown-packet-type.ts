import { packet } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'

export const unknownPacketType: CaseDefinition = {
  name: 'unknown-packet-type',
  title: 'a packet of a type that does not exist ends the connection, and no other one',
  proves: { '3.1.1': ['4.8.0-1'], '5.0': ['4.13.1-1'] },
  async run({ connect, is5 }) {
    const bystander = await connect({ label: 'bystander' })
    // Type 15 is AUTH in 5.0.
    for (const first of is5 ? [0x00] : [0x00, 0xf0]) {
      const client = await connect()
      client.raw(packet(first), `packet type ${first >> 4}`)
      await client.closes(0x81)
    }
    await bystander.ping()
  }
}

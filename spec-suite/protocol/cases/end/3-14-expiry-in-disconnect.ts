import type { CaseDefinition } from '../../case.js'

export const expiryFromNothing: CaseDefinition = {
  name: 'disconnect-expiry-from-nothing',
  title: 'a DISCONNECT that gives a session an expiry, where CONNECT gave none, is no valid one',
  // The rule itself has no number [5.0: 3.14.2.2.2].
  proves: { '5.0': ['4.13.1-1'] },
  async run({ connect, topic, clientId, sessions, same }) {
    const witness = await connect({ label: 'witness' })
    await witness.subscribe(topic())
    const id = clientId()
    sessions.add(id)
    const client = await connect({ clientId: id, will: { topic: topic() } })
    client.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 60 } })
    await client.closes(0x82)
    await witness.message(topic())
    const again = await connect({ clientId: id, clean: false })
    same(again.connack?.sessionPresent, false, 'Session Present')
  }
}

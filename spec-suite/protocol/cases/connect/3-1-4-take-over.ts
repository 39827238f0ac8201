import type { CaseDefinition } from '../../case.js'

export const takeOver: CaseDefinition = {
  name: 'take-over',
  title: 'a CONNECT with the client id of a connected client ends the older connection, and no other',
  proves: { '3.1.1': ['3.1.4-2'], '5.0': ['3.1.4-3'] },
  async run({ connect, clientId }) {
    const bystander = await connect({ label: 'bystander' })
    const id = clientId()
    const first = await connect({ clientId: id, label: 'first' })
    const second = await connect({ clientId: id, label: 'second' })
    await first.closes(0x8e)
    await second.ping()
    const third = await connect({ clientId: id, clean: false, label: 'third' })
    await second.closes(0x8e)
    await third.ping()
    await bystander.ping()
  }
}

export const takeOverReason: CaseDefinition = {
  name: 'take-over-reason',
  title: 'a client whose id another one takes over is told so with DISCONNECT 0x8E',
  proves: { '5.0': ['3.1.4-3'] },
  async run({ connect, clientId, check }) {
    const id = clientId()
    const first = await connect({ clientId: id, label: 'first' })
    await connect({ clientId: id, label: 'second' })
    const reason = await first.closes(0x8e)
    check(reason !== null, 'DISCONNECT 0x8E, and the end', 'there was no DISCONNECT')
  }
}

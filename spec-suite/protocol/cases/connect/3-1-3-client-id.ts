import type { CaseDefinition } from '../../case.js'
import { bit, connectBytes } from './connect-bytes.js'

const letters = 'abcdefghijklmnopqrstuvwxyz'
const digits = '0123456789'

export const clientIdLetters: CaseDefinition = {
  name: 'client-id-letters',
  title: 'client ids of 1 to 23 letters and digits are accepted, and each is another one',
  proves: { '3.1.1': ['3.1.3-5'], '5.0': ['3.1.3-5'] },
  async run({ connect, clientId, is5 }) {
    const base = clientId()
    const rest = 23 - base.length
    // Some ids differ in case only, and two in the last character only.
    const ends = [letters, letters.toUpperCase(), digits].flatMap(all => slices(all, rest))
    ends.push(`${ends.at(-1)!.slice(0, -1)}x`)
    const clients = []
    for (const end of ends) clients.push(await connect({ clientId: `${base}${end}` }))
    for (const client of clients) await client.ping()
    // Others may have it as well: each version takes letters of its own.
    const own = is5 ? letters.toUpperCase() : letters
    const short = await connect({
      clientId: own[Math.floor(Math.random() * own.length)]!,
      label: 'one letter'
    })
    short.leave()
  }
}

export const emptyClientIds: CaseDefinition = {
  name: 'empty-client-ids',
  title: 'clients without an id get one each and stand side by side',
  proves: { '3.1.1': ['3.1.3-6'], '5.0': ['3.1.3-6', '3.2.2-16'] },
  needs: ['emptyClientIds'],
  async run({ connect, topic, is5, same, check }) {
    const named = await connect({ label: 'named' })
    const clients = await Promise.all(Array.from({ length: 10 }, () => connect({ clientId: '' })))
    for (const client of [named, ...clients]) await client.ping()
    const [one, two] = clients
    await one!.subscribe(topic())
    await two!.publish(topic(), 'hello')
    same((await one!.message()).text, 'hello', 'the message from one to the other')
    if (!is5) return
    const ids = clients.map(({ connack }) => connack!.properties.assignedClientIdentifier ?? '')
    const what = `the assigned client ids ${ids.map(id => `'${id}'`).join(', ')}`
    check(!ids.includes(''), 'an Assigned Client Identifier in each CONNACK', `there were ${what}`)
    same(new Set([named.clientId, ...ids]).size, 11, `different ones of 11 client ids, with ${what}`)
  }
}

export const emptyClientIdRefused: CaseDefinition = {
  name: 'empty-client-id-refused',
  title: 'a broker that gives out no client ids refuses a client without one',
  proves: { '3.1.1': ['3.1.3-9', '3.2.2-5'], '5.0': ['3.1.3-8', '3.2.2-7'] },
  needs: ['noEmptyClientIds'],
  async run({ open, connectPacket, is5, check, notApplicable }) {
    const client = await open()
    client.send(connectPacket({ clientId: '' }))
    // It may refuse them with one version and take them with the other.
    await client.until('an answer', () => client.inbox.length > 0, true)
    if (client.inbox.some(one => one.cmd === 'connack' && one.reasonCode === 0)) {
      notApplicable('the broker takes a client without an id with this version')
    }
    const reason = await client.refuses({ '3.1.1': [2], '5.0': [0x85] })
    check(is5 || reason !== null, 'CONNACK 0x02, and the end', 'there was no CONNACK')
  }
}

export const emptyClientIdWithSession: CaseDefinition = {
  name: 'empty-client-id-with-session',
  title: 'a client without an id that wants a lasting session is refused with 0x02',
  // Legal in 5.0.
  proves: { '3.1.1': ['3.1.3-8', '3.1.3-7', '3.2.2-5'] },
  async run(scene) {
    const client = await scene.open()
    client.raw(
      connectBytes(scene, { clientId: '', unset: bit.clean }),
      'CONNECT: no client id, CleanSession 0'
    )
    const reason = await client.refuses({ '3.1.1': [2] })
    scene.check(reason !== null, 'CONNACK 0x02, and the end', 'there was no CONNACK', ['3.1.3-8'])
  }
}

export const assignedClientId: CaseDefinition = {
  name: 'assigned-client-id',
  title: 'an assigned client id is as good as one of the client: its session is found again by it',
  proves: { '5.0': ['3.1.3-7', '3.2.2-16'] },
  needs: ['emptyClientIds', 'sessions'],
  async run({ connect, topic, same, check, sessions }) {
    const client = await connect({ clientId: '', clean: true, keep: 60 })
    const assigned = client.connack!.properties.assignedClientIdentifier ?? ''
    check(assigned !== '', 'an Assigned Client Identifier in the CONNACK', 'there was none')
    sessions.add(assigned)
    await client.subscribe(topic())
    await client.disconnect()
    const again = await connect({
      clientId: assigned,
      clean: false,
      keep: 60,
      label: 'client with the assigned id'
    })
    same(again.connack!.sessionPresent, true, 'Session Present')
    const publisher = await connect({ label: 'publisher' })
    await publisher.publish(topic(), 'hello')
    same((await again.message()).text, 'hello', 'a message to the subscription of the session')
  }
}

export const refusedClientId: CaseDefinition = {
  name: 'refused-client-id',
  title: 'a client id that the broker does not like is refused',
  proves: { '3.1.1': ['3.1.3-9', '3.2.2-5', '3.2.2-4'], '5.0': ['3.1.3-8', '3.2.2-7', '3.2.2-6'] },
  needs: ['refusedClientId'],
  async run({ open, connectPacket, facts, is5, check }) {
    const client = await open()
    client.send(connectPacket({ clientId: facts.refusedClientId! }))
    const reason = await client.refuses({ '3.1.1': [2], '5.0': [0x85] })
    check(is5 || reason !== null, 'CONNACK 0x02, and the end', 'there was no CONNACK', ['3.1.3-9'])
  }
}

/** Texts of one length that have all the characters, in turn. */
function slices(all: string, length: number): string[] {
  const starts = Array.from({ length: Math.ceil(all.length / length) }, (_, i) => i * length)
  return starts.map(start => all.repeat(3).slice(start, start + length))
}

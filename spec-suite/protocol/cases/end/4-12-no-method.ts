import { field, packet, properties, raw } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { eachEnds, protocolError } from './rows.js'

export const noMethodNoAuth: CaseDefinition = {
  name: 'no-method-no-auth',
  title: 'a client that names no authentication method is sent none, and no AUTH',
  proves: { '5.0': ['4.12.0-6'] },
  async run({ connect, same }) {
    const client = await connect()
    await client.ping()
    const { authenticationMethod, authenticationData } = client.connack!.properties
    same([authenticationMethod, authenticationData], [undefined, undefined], 'method and data in CONNACK')
    same(client.inbox.length, 0, 'packets that nobody asked for')
  }
}

export const authWithoutMethod: CaseDefinition = {
  name: 'auth-of-a-client-without-method',
  title: 'an AUTH of a client that named no authentication method ends the connection',
  proves: { '5.0': ['4.12.0-7'] },
  run(scene) {
    // With 0x8C it is the method that is wrong.
    const codes = [...protocolError, 0x8c]
    const method = raw([0x15], field(scene.facts.enhancedAuthentication?.method ?? 'method'))
    return eachEnds(scene, [
      { words: 'AUTH 0x00', bytes: packet(0xf0), codes },
      ...[0x18, 0x19].map(code => ({
        words: `AUTH 0x${code.toString(16)}`,
        bytes: packet(0xf0, [code], properties(method)),
        codes
      }))
    ])
  }
}

export const authReservedBits: CaseDefinition = {
  name: 'auth-reserved-bits',
  title: 'an AUTH with reserved bits set ends the connection',
  proves: { '5.0': ['3.15.1-1'] },
  run: scene =>
    eachEnds(
      scene,
      [0xf1, 0xf2, 0xf8].map(first => ({ words: `AUTH with the flags ${first & 15}`, bytes: packet(first) }))
    )
}

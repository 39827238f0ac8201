import { type Bytes, field, packet, properties, raw } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import type { Scene } from '../../scene.js'
import { answer, authenticated, begun } from './authentication.js'

type Row = readonly [words: string, first: number, ...body: Bytes[]]

/** Sends each row where an AUTH 0x19 with these properties would begin a new authentication: it ends the connection. */
async function eachEnds(scene: Scene, rows: (own: Buffer, method: Buffer) => readonly Row[]): Promise<void> {
  const { method, data } = scene.facts.enhancedAuthentication!
  const named = raw([0x15], field(method))
  const own = raw(named, data === undefined ? [] : raw([0x16], field(data)))
  for (const [words, first, ...body] of rows(own, named)) {
    const client = await authenticated(scene)
    client.raw(packet(first, ...body), `AUTH with ${words}`)
    await client.closes(0x81, 0x82)
  }
}

export const reservedBitsAgain: CaseDefinition = {
  name: 'authentication-again-reserved-bits',
  title: 'an AUTH with reserved bits set ends a connection that could be authenticated again',
  proves: { '5.0': ['3.15.1-1'] },
  needs: ['reauthentication'],
  run: scene =>
    eachEnds(scene, own => [
      ['the flags 1', 0xf1, [0x19], properties(own)],
      ['the flags 8', 0xf8, [0x19], properties(own)]
    ])
}

export const wrongCodeAgain: CaseDefinition = {
  name: 'authentication-again-wrong-code',
  title: 'an AUTH whose code a client cannot send, ends the connection',
  proves: { '5.0': ['3.15.2-1'] },
  needs: ['reauthentication'],
  run: scene =>
    eachEnds(scene, own => [
      ['the code 0x00', 0xf0, [0x00], properties(own)],
      ['the code 0x55', 0xf0, [0x55], properties(own)]
    ])
}

export const malformedAgain: CaseDefinition = {
  name: 'authentication-again-malformed',
  title: 'an AUTH with wrong properties or of a wrong length ends the connection',
  proves: { '5.0': ['4.13.1-1'] },
  needs: ['reauthentication'],
  run: scene =>
    eachEnds(scene, (own, method) => [
      ['a property of PUBLISH', 0xf0, [0x19], properties(own, [0x01, 0])],
      ['an unknown property', 0xf0, [0x19], properties(own, [0x04, 0])],
      ['two methods', 0xf0, [0x19], properties(own, method)],
      ['properties beyond its end', 0xf0, [0x19], [100], own],
      ['a byte too many', 0xf0, [0x19], properties(own), [0]]
    ])
}

export const authFits: CaseDefinition = {
  name: 'auth-fits',
  title: 'an AUTH is not made too large for the client by what it says',
  proves: { '5.0': ['3.15.2-2', '3.15.2-3'] },
  needs: ['challenge'],
  async run(scene) {
    // Without problem information AUTH has nothing but method and data [5.0 MQTT-3.1.2-29].
    const plain = await begun(scene, { requestProblemInformation: false })
    const packets = [...(await answer(scene, plain)), await plain.next('connack')]
    const largest = Math.max(...packets.map(({ bytes }) => bytes.length))
    // Challenges need not all have the same length.
    const client = await authenticated(scene, { maximumPacketSize: largest + 8 })
    await client.ping()
  }
}

import type { CaseDefinition } from '../../case.js'
import { legalCodes } from '../../wire/rules.js'
import { bit, connectBytes, short } from './connect-bytes.js'
import { foreignAnswer, refusedOnes } from './refusal.js'

export const refusalWithSession: CaseDefinition = {
  name: 'refusal-with-session',
  title: 'a refusing CONNACK has Session Present 0, also for a client that has a session',
  proves: { '3.1.1': ['3.2.2-4', '3.2.2-5'], '5.0': ['3.2.2-6', '3.2.2-7'] },
  needs: ['sessions'],
  async run(scene) {
    const { connect, is5, same, topic } = scene
    const first = await connect({ keep: 60 })
    const { clientId } = first
    await first.subscribe(topic())
    await first.disconnect()
    const wrong = connectBytes(scene, { clientId, level: 127, unset: bit.clean })
    await foreignAnswer(scene, 'CONNECT with the protocol version 127', wrong)
    if (is5) {
      const properties = short(0x21, 0)
      await refusedOnes(scene, [
        ['Receive Maximum 0', connectBytes(scene, { clientId, properties, unset: bit.clean })]
      ])
    }
    const again = await connect({ clientId, keep: 60 })
    same(again.connack!.sessionPresent, true, 'Session Present, when it is taken', [
      is5 ? '3.2.2-3' : '3.2.2-2'
    ])
  }
}

export const smallRefusal: CaseDefinition = {
  name: 'small-refusal',
  title: 'a refusing CONNACK fits the Maximum Packet Size of the client: the reason is left out rather',
  proves: { '5.0': ['3.2.2-19', '3.2.2-20'] },
  async run({ open, connectPacket, check, notApplicable }) {
    for (const maximumPacketSize of [40, 20, 12, 8, 5]) {
      const client = await open()
      const authenticationMethod = 'unknown to all'
      client.send(connectPacket({ properties: { maximumPacketSize, authenticationMethod } }))
      await client.until('a refusal', () => client.inbox.length > 0, true)
      const said = client.inbox.find(({ cmd }) => cmd === 'connack')
      if (said?.reasonCode === 0) notApplicable('the broker takes any authentication method')
      const length = said?.bytes.length ?? 0
      check(
        length <= maximumPacketSize,
        `a CONNACK of at most ${maximumPacketSize} bytes`,
        `it has ${length}`
      )
      await client.end()
    }
  }
}

export const connackCodes: CaseDefinition = {
  name: 'connack-codes',
  title: 'whatever a CONNECT is refused for, the code is one that a CONNACK can have',
  proves: { '5.0': ['3.2.2-8', '3.2.2-7'] },
  async run(scene) {
    const refusals = [...legalCodes.connack!].filter(one => one >= 0x80)
    await refusedOnes(
      scene,
      [
        ['the reserved flag', connectBytes(scene, { flags: bit.reserved })],
        ['Receive Maximum 0', connectBytes(scene, { properties: short(0x21, 0) })],
        ['a client id that is no text', connectBytes(scene, { clientId: [0xff, 0xfe] })]
      ],
      { '5.0': refusals }
    )
  }
}

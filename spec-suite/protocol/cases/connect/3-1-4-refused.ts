import { raw, rawPublish } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import type { Scene } from '../../scene.js'
import { bit, connectBytes, short } from './connect-bytes.js'
import { allRefused, foreignAnswer, refusedOnes, type Wrong } from './refusal.js'

/** CONNECT of a user that the broker knows, with another password. */
function wrongPassword(scene: Scene): Buffer {
  const username = scene.connectPacket().username ?? 'nobody'
  return connectBytes(scene, { flags: bit.username | bit.password, username, password: 'wrong' })
}

export const wrongCredentials: CaseDefinition = {
  name: 'wrong-credentials',
  title: 'a client that does not prove who it is is refused',
  proves: { '3.1.1': ['3.2.2-5', '3.2.2-4'], '5.0': ['3.1.4-2', '3.2.2-7', '3.2.2-6'] },
  needs: ['authentication'],
  async run(scene) {
    const wrong: readonly Wrong[] = [
      ['a wrong password', wrongPassword(scene)],
      [
        'an unknown user',
        connectBytes(scene, { flags: bit.username | bit.password, username: 'nobody', password: 'wrong' })
      ]
    ]
    await allRefused(scene, wrong, { '3.1.1': [4, 5], '5.0': [0x86, 0x87] })
  }
}

export const nothingAfterRefusal: CaseDefinition = {
  name: 'nothing-after-refusal',
  title: 'what a client sends behind a CONNECT that is refused has no effect',
  proves: { '3.1.1': ['3.1.4-5', '3.2.2-5'], '5.0': ['3.1.4-6', '3.2.2-7'] },
  async run(scene) {
    const { connect, topic, level, is5, same } = scene
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    const row = (what: string, connect: Buffer): Wrong => [
      what,
      raw(connect, rawPublish(level, topic(), { payload: what }))
    ]
    const table = [
      row('the reserved flag, and PUBLISH', connectBytes(scene, { flags: bit.reserved })),
      ...(is5
        ? [row('Receive Maximum 0, and PUBLISH', connectBytes(scene, { properties: short(0x21, 0) }))]
        : [])
    ]
    const refused = await refusedOnes(scene, table)
    const [what, unknown] = row('the protocol version 127, and PUBLISH', connectBytes(scene, { level: 127 }))
    await foreignAnswer(scene, `CONNECT: ${what}`, unknown)
    refused.push(what)
    const messages = await subscriber.messagesBeforeMarker(publisher, { qos: 0 })
    const found = messages.map(({ text }) => text).filter(text => refused.includes(text))
    same(found, [], 'messages of refused clients')
  }
}

export const nothingAfterWrongPassword: CaseDefinition = {
  name: 'nothing-after-wrong-password',
  title: 'what a client sends behind a CONNECT with a wrong password has no effect',
  proves: { '3.1.1': ['3.1.4-5', '3.2.2-5'], '5.0': ['3.1.4-6', '3.2.2-7'] },
  needs: ['authentication'],
  async run(scene) {
    const { connect, open, topic, level, same } = scene
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    const client = await open()
    client.raw(
      raw(wrongPassword(scene), rawPublish(level, topic())),
      'CONNECT with a wrong password, and PUBLISH in one piece'
    )
    await client.refuses({ '3.1.1': [4, 5], '5.0': [0x86, 0x87] })
    const messages = await subscriber.messagesBeforeMarker(publisher, { qos: 0 })
    same(messages.length, 0, 'messages of a refused client')
  }
}

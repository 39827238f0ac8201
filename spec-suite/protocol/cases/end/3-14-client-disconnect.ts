import { field, packet, properties, raw, rawPublish, u32, userProperty } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { withWill } from './will.js'

export const disconnectReservedBits: CaseDefinition = {
  name: 'disconnect-reserved-bits',
  title: 'a DISCONNECT with reserved bits set is malformed, and does not discard the will',
  proves: { '3.1.1': ['3.14.1-1'], '5.0': ['3.14.1-1'] },
  async run(scene) {
    for (const first of [0xe1, 0xe2, 0xe8]) {
      const { client, published } = await withWill(scene, `will-${first}`)
      client.raw(packet(first), `DISCONNECT with the flags ${first & 15}`)
      await client.closes(0x81)
      await published()
    }
  }
}

export const disconnectTooLong: CaseDefinition = {
  name: 'disconnect-too-long',
  title: 'a DISCONNECT with bytes too many is malformed, and does not discard the will',
  proves: { '3.1.1': ['4.8.0-1'], '5.0': ['4.13.1-1'] },
  async run(scene) {
    const { client, published } = await withWill(scene)
    client.raw(packet(0xe0, scene.is5 ? [0, 0, 0] : [0]), 'DISCONNECT with a byte too many')
    await client.closes(0x81)
    await published()
  }
}

export const disconnectWrongProperties: CaseDefinition = {
  name: 'disconnect-wrong-properties',
  title: 'a DISCONNECT whose properties are wrong is malformed, and does not discard the will',
  proves: { '5.0': ['4.13.1-1'] },
  async run(scene) {
    const reason = raw([0x1f], field('why'))
    const expiry = raw([0x11], u32(0))
    const rows: ReadonlyArray<[words: string, bytes: Buffer]> = [
      ['an unknown property', properties([0x04, 0x00])],
      ['a property of PUBLISH', properties([0x01, 0x00])],
      ['two reason strings', properties(reason, reason)],
      ['two session expiry intervals', properties(expiry, expiry)],
      ['a property length beyond its end', raw([20], userProperty('a', 'b'))],
      ['a property that is cut off', properties([0x11, 0x00])]
    ]
    for (const [i, [words, bytes]] of rows.entries()) {
      const { client, published } = await withWill(scene, `will-${i}`)
      client.raw(packet(0xe0, [0], bytes), `DISCONNECT with ${words}`)
      await client.closes(0x81, 0x82)
      await published()
    }
  }
}

export const disconnectCodes: CaseDefinition = {
  name: 'disconnect-code-of-client',
  title: 'a DISCONNECT with an error code ends the connection, and the will is published',
  // That a server closes when it gets one is a SHOULD [5.0: 3.14.4]: the sender has to.
  proves: { '5.0': ['3.1.2-8'] },
  async run(scene) {
    for (const reasonCode of [0x80, 0x82, 0x97]) {
      const { client, published } = await withWill(scene, `will-${reasonCode}`)
      await client.disconnect(reasonCode)
      // Only 0x00 discards it [5.0 MQTT-3.14.4-3].
      await published('3.1.2-8')
    }
  }
}

export const disconnectUnknownCode: CaseDefinition = {
  name: 'disconnect-unknown-code',
  title: 'a DISCONNECT with a code that a client cannot send is no normal disconnection',
  proves: { '5.0': ['3.14.2-1', '3.1.2-8'] },
  async run(scene) {
    for (const reasonCode of [0x03, 0x18, 0x8e, 0xff]) {
      const { client, published } = await withWill(scene, `will-${reasonCode}`)
      client.raw(packet(0xe0, [reasonCode, 0]), `DISCONNECT with the code ${reasonCode}`)
      await client.closes(0x81, 0x82)
      await published('3.1.2-8')
    }
  }
}

export const packetsAfterDisconnect: CaseDefinition = {
  name: 'packets-after-disconnect',
  title:
    'a packet after DISCONNECT takes nothing back: the client has said goodbye, and its will is not published',
  proves: { '3.1.1': ['3.14.4-2'], '5.0': ['3.14.4-1'] },
  seconds: 1,
  async run({ connect, topic, level, seconds, same }) {
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    const publisher = await connect({ label: 'publisher', will: { topic: topic() } })
    const before = rawPublish(level, topic(), { payload: 'before' })
    const after = rawPublish(level, topic(), { payload: 'after' })
    publisher.raw(raw(before, packet(0xe0), after), 'PUBLISH, DISCONNECT, PUBLISH')
    await publisher.gone()
    same((await subscriber.message()).text, 'before', 'the message that came')
    // A broker may publish wills a little after the connection has ended.
    await seconds(1)
    const others = await subscriber.messagesBeforeMarker(await connect({ label: 'another' }), { qos: 0 })
    // Nothing says that a broker has to look away from what comes before it closes.
    const texts = others.map(({ text }) => text).filter(text => text !== 'after')
    same(texts, [], 'further messages')
  }
}

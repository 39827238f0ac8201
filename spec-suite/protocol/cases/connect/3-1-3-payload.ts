import { type Bytes, raw } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { bit, bodyLength, connectBytes, cutShort, willBytes } from './connect-bytes.js'
import { allRefused, foreignAnswer, isTaken, type Wrong } from './refusal.js'

const noText: ReadonlyArray<readonly [what: string, bytes: Bytes]> = [
  ['bytes that are no UTF-8', [0xff, 0xfe]],
  ['a surrogate', [0x61, 0xed, 0xa0, 0x80]],
  ['U+0000', [0x61, 0, 0x62]]
]

export const connectPayloadOrder: CaseDefinition = {
  name: 'connect-payload-order',
  title: 'every field of a CONNECT is taken for what it is',
  proves: { '3.1.1': ['3.1.3-1'], '5.0': ['3.1.3-1'] },
  async run({ connect, topic, same, is5 }) {
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    const properties = { contentType: 'text/will', userProperties: { a: 'b' } }
    const client = await connect({
      will: { topic: topic(), payload: Buffer.from('last'), ...(is5 && { properties }) }
    })
    client.cut()
    const will = await subscriber.message()
    same([will.topic, will.text], [topic(), 'last'], 'topic and payload of the will')
    if (!is5) return
    same(will.properties.contentType, 'text/will', 'the content type of the will')
    same(will.properties.userProperties, [['a', 'b']], 'the user properties of the will')
  }
}

export const clientIdMissing: CaseDefinition = {
  name: 'client-id-missing',
  title: 'a CONNECT without a client id is refused',
  proves: { '3.1.1': ['3.1.3-3', '3.1.4-1'], '5.0': ['3.1.3-3', '3.1.4-1'] },
  async run(scene) {
    const right = connectBytes(scene, { username: null, password: null, unset: bit.username | bit.password })
    const header = scene.is5 ? 11 : 10
    await isTaken(scene, connectBytes(scene))
    await allRefused(scene, [['nothing where the client id should be', cutShort(right, header)]], {
      '5.0': [0x81, 0x85]
    })
  }
}

export const clientIdNoText: CaseDefinition = {
  name: 'client-id-no-text',
  title: 'a CONNECT with a client id that is no UTF-8 text is refused',
  proves: { '3.1.1': ['3.1.3-4'], '5.0': ['3.1.3-4'] },
  async run(scene) {
    await isTaken(scene, connectBytes(scene))
    await allRefused(
      scene,
      noText.map(([what, clientId]) => [`a client id with ${what}`, connectBytes(scene, { clientId })]),
      // 0x02 and 0x85: the client id is not allowed.
      { '3.1.1': [2], '5.0': [0x81, 0x85] }
    )
  }
}

export const willTopicNoText: CaseDefinition = {
  name: 'will-topic-no-text',
  title: 'a CONNECT with a will topic that is no UTF-8 text is refused',
  proves: { '3.1.1': ['3.1.3-10', '3.1.4-1'], '5.0': ['3.1.3-11', '3.1.4-1'] },
  async run(scene) {
    const withWill = (topic: Bytes) => connectBytes(scene, { flags: bit.will, will: willBytes(scene, topic) })
    await isTaken(scene, withWill(scene.topic()))
    await allRefused(
      scene,
      noText.map(([what, topic]) => [`a will topic with ${what}`, withWill(topic)]),
      { '5.0': [0x81, 0x90] }
    )
  }
}

export const willTopicNoName: CaseDefinition = {
  name: 'will-topic-no-name',
  title: 'a CONNECT with a will topic that is empty or has wildcards is refused',
  proves: { '3.1.1': ['4.7.1-1', '4.7.3-1'], '5.0': ['4.7.0-1', '4.7.3-1'] },
  async run(scene) {
    const { topic } = scene
    const withWill = (name: Bytes) => connectBytes(scene, { flags: bit.will, will: willBytes(scene, name) })
    await isTaken(scene, withWill(topic()))
    const wild = ['#', topic('#'), topic('+'), topic('a+b'), topic('a#')]
    await allRefused(
      scene,
      ['', ...wild].map(name => [`the will topic '${name}'`, withWill(name)]),
      // 3.1.1 tells of topic names outside of section 3.1, so a server may refuse them with any code.
      { '3.1.1': [1, 2, 3, 4, 5], '5.0': [0x81, 0x90] }
    )
  }
}

export const userNameNoText: CaseDefinition = {
  name: 'user-name-no-text',
  title: 'a CONNECT with a user name that is no UTF-8 text is refused',
  proves: { '3.1.1': ['3.1.3-11'], '5.0': ['3.1.3-12'] },
  async run(scene) {
    await isTaken(scene, connectBytes(scene))
    await allRefused(
      scene,
      noText.map(([what, username]) => [
        `a user name with ${what}`,
        connectBytes(scene, { flags: bit.username, username })
      ]),
      // 0x04: "the data in the user name or password is malformed".
      { '3.1.1': [4], '5.0': [0x81, 0x86] }
    )
  }
}

export const connectCutShort: CaseDefinition = {
  name: 'connect-cut-short',
  title: 'a CONNECT that ends before its last field does is refused',
  proves: { '3.1.1': ['3.1.4-1', '3.2.2-6'], '5.0': ['3.1.4-1'] },
  async run(scene) {
    const right = connectBytes(scene, {
      ...{ flags: bit.will | bit.username | bit.password },
      will: willBytes(scene, scene.topic()),
      username: scene.connectPacket().username ?? 'ada',
      password: scene.connectPacket().password ?? 'secret'
    })
    // The Remaining Length fits what is there; the fields in it do not.
    const all = bodyLength(right)
    // What comes behind it is for brokers that look at nothing before some bytes are there.
    const table = (lengths: readonly number[]): Wrong[] =>
      lengths.map(length => [
        `the first ${length} bytes of ${all}, and a whole one`,
        raw(cutShort(right, length), right)
      ])
    // Without its version, in byte 7, the broker cannot know in what form to answer.
    for (const [what, bytes] of table([0, 1, 3, 6])) await foreignAnswer(scene, `CONNECT: ${what}`, bytes)
    await allRefused(scene, table([7, 8, 9, 10, 11, 14, all - 12, all - 9, all - 1]))
  }
}

export const connectTooLong: CaseDefinition = {
  name: 'connect-too-long',
  title: 'a CONNECT with something behind its last field is refused',
  proves: { '3.1.1': ['3.1.4-1', '3.2.2-6'], '5.0': ['3.1.4-1'] },
  async run(scene) {
    await isTaken(scene, connectBytes(scene))
    await allRefused(scene, [
      ['one byte too many', connectBytes(scene, { more: [0] })],
      ['a text too many', connectBytes(scene, { more: [0, 1, 0x61] })]
    ])
  }
}

export const connectHeader: CaseDefinition = {
  name: 'connect-header',
  title: 'a CONNECT with flags in its first byte, or a Remaining Length of five bytes, is refused',
  proves: { '3.1.1': ['3.1.4-1'], '5.0': ['3.1.4-1'] },
  async run(scene) {
    const right = connectBytes(scene)
    const rest = right.subarray(right.length - bodyLength(right))
    const long = raw([0x10, rest.length | 0x80, 0x80, 0x80, 0x80, 0], rest)
    await isTaken(scene, right)
    await allRefused(scene, [
      ['flag 1 in the first byte', raw([0x11], right.subarray(1))],
      ['flag 8 in the first byte', raw([0x18], right.subarray(1))],
      ['a Remaining Length of five bytes', long]
    ])
  }
}

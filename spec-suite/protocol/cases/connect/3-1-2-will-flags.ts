import { field, raw } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { bit, connectBytes, willBytes } from './connect-bytes.js'
import { allRefused, isTaken, malformedOrStranger } from './refusal.js'

export const reservedConnectFlag: CaseDefinition = {
  name: 'reserved-connect-flag',
  title: 'a CONNECT with the reserved bit of its flags set is refused',
  proves: { '3.1.1': ['3.1.2-3', '3.1.4-1'], '5.0': ['3.1.2-3', '3.1.4-1'] },
  async run(scene) {
    await isTaken(scene, connectBytes(scene))
    await allRefused(scene, [['the reserved flag is set', connectBytes(scene, { flags: bit.reserved })]])
  }
}

export const willFieldsMissing: CaseDefinition = {
  name: 'will-fields-missing',
  title: 'a CONNECT with the Will Flag and without all fields of a will is refused',
  proves: { '3.1.1': ['3.1.2-9', '3.1.4-1'], '5.0': ['3.1.2-9', '3.1.4-1'] },
  async run(scene) {
    const none = { flags: bit.will, username: null, password: null }
    const own = scene.is5 ? [0] : []
    const topicOnly = raw(own, field(scene.topic()))
    await isTaken(scene, connectBytes(scene, { flags: bit.will, will: willBytes(scene, scene.topic()) }))
    await allRefused(scene, [
      ['Will Flag, and nothing after the client id', connectBytes(scene, none)],
      ['Will Flag, and no will payload', connectBytes(scene, { ...none, will: topicOnly })]
    ])
  }
}

export const willFieldsWithoutFlag: CaseDefinition = {
  name: 'will-fields-without-flag',
  title: 'a CONNECT with the fields of a will and without the Will Flag is refused',
  proves: { '3.1.1': ['3.1.2-11', '3.1.4-1'], '5.0': ['3.1.4-1'] },
  async run(scene) {
    const will = willBytes(scene, scene.topic())
    await isTaken(scene, connectBytes(scene, { flags: bit.will, will }))
    const wrong = connectBytes(scene, { will })
    await allRefused(scene, [['a will without its flag', wrong]], malformedOrStranger(scene))
  }
}

export const willQosWithoutWill: CaseDefinition = {
  name: 'will-qos-without-will',
  title: 'a CONNECT with a Will QoS and without the Will Flag is refused',
  proves: { '3.1.1': ['3.1.2-13', '3.1.2-11', '3.1.4-1'], '5.0': ['3.1.2-11', '3.1.4-1'] },
  async run(scene) {
    await isTaken(scene, connectBytes(scene))
    await allRefused(
      scene,
      [1, 2, 3].map(qos => [`Will QoS ${qos}, no will`, connectBytes(scene, { flags: bit.willQos * qos })]),
      // With 0x9B it is a QoS that this server does not have.
      { '5.0': [0x81, 0x9b] }
    )
  }
}

export const willRetainWithoutWill: CaseDefinition = {
  name: 'will-retain-without-will',
  title: 'a CONNECT with Will Retain and without the Will Flag is refused',
  proves: { '3.1.1': ['3.1.2-15', '3.1.2-11', '3.1.4-1'], '5.0': ['3.1.2-13', '3.1.4-1'] },
  async run(scene) {
    await isTaken(scene, connectBytes(scene))
    const wrong = connectBytes(scene, { flags: bit.willRetain })
    // With 0x9A it is something that this server does not have.
    await allRefused(scene, [['Will Retain, no will', wrong]], { '5.0': [0x81, 0x9a] })
  }
}

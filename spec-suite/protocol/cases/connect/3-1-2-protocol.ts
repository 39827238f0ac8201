import { code } from '../../breach.js'
import type { CaseDefinition } from '../../case.js'
import { connectBytes } from './connect-bytes.js'
import { foreignAnswer, isTaken } from './refusal.js'

export const wrongProtocolName: CaseDefinition = {
  name: 'wrong-protocol-name',
  title: "a CONNECT with another protocol name than 'MQTT' is not accepted",
  proves: { '3.1.1': ['3.1.2-1'], '5.0': ['3.1.2-1'] },
  async run(scene) {
    await isTaken(scene, connectBytes(scene, { name: 'MQTT' }))
    for (const name of ['MQTX', 'mqtt', 'MQTTT', 'MQT', '']) {
      await foreignAnswer(scene, `CONNECT with the protocol name '${name}'`, connectBytes(scene, { name }))
    }
  }
}

export const unknownProtocolVersion: CaseDefinition = {
  name: 'unknown-protocol-version',
  title: 'a CONNECT of a version that does not exist is refused',
  proves: { '3.1.1': ['3.1.2-2', '3.2.2-5'], '5.0': ['3.1.2-2', '3.2.2-7'] },
  async run(scene) {
    await isTaken(scene, connectBytes(scene))
    for (const level of [0, 6, 127]) {
      const what = `CONNECT with the protocol version ${level}`
      const reason = await foreignAnswer(scene, what, connectBytes(scene, { level }))
      // 5.0 lets a server say nothing; 3.1.1 wants 0x01, for which 0x84 stands where 5.0 is spoken as well.
      const answered = scene.is5 || reason === 0x01 || reason === 0x84
      const received = reason === null ? 'there was no CONNACK' : `it was ${code(reason)}`
      scene.check(answered, 'CONNACK 0x01 for an unknown version, and the end', received, ['3.1.2-2'])
    }
  }
}

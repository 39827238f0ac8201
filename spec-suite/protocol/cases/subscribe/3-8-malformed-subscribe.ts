import { field, packet, raw, rawSubscribe, u16 } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { illFormed } from '../ill-formed.js'
import { eachCloses } from './answers.js'

export const subscribeFlags: CaseDefinition = {
  name: 'subscribe-flags',
  title: 'SUBSCRIBE with other flags than 0010 ends the connection',
  proves: { '3.1.1': ['3.8.1-1'], '5.0': ['3.8.1-1'] },
  async run(scene) {
    const { level, topic } = scene
    const [, ...rest] = rawSubscribe(level, [[topic(), 0]])
    const packets = [0x80, 0x83, 0x86, 0x8a].map(
      first => [`SUBSCRIBE with flags ${first & 15}`, raw([first], rest)] as const
    )
    await eachCloses(scene, 'suback', [0x81], packets)
  }
}

export const subscribeIllFormed: CaseDefinition = {
  name: 'subscribe-ill-formed-filter',
  title: 'SUBSCRIBE with a filter that is not UTF-8 ends the connection',
  proves: { '3.1.1': ['3.8.3-1'], '5.0': ['3.8.3-1'] },
  async run(scene) {
    const packets = illFormed.map(([what, bytes]) => {
      const filter = raw(scene.topic(), bytes)
      return [`SUBSCRIBE to ${what}`, rawSubscribe(scene.level, [[filter, 0]])] as const
    })
    await eachCloses(scene, 'suback', [0x81, 0x8f], packets)
  }
}

export const subscribeWithoutFilter: CaseDefinition = {
  name: 'subscribe-without-filter',
  title: 'SUBSCRIBE without a filter, or without its options, ends the connection',
  proves: { '3.1.1': ['3.8.3-3'], '5.0': ['3.8.3-2'] },
  async run(scene) {
    const { is5, level, topic } = scene
    const own = is5 ? [0] : []
    await eachCloses(
      scene,
      'suback',
      [0x82],
      [
        ['SUBSCRIBE without filters', rawSubscribe(level, [])],
        ['SUBSCRIBE without options', packet(0x82, u16(7), own, field(topic()))],
        ['second filter without options', packet(0x82, u16(7), own, field(topic()), [0], field(topic('b')))]
      ]
    )
  }
}

export const subscribeReservedBits: CaseDefinition = {
  name: 'subscribe-reserved-bits',
  title: 'SUBSCRIBE with reserved bits set in the options of a filter ends the connection',
  proves: { '3.1.1': ['3.8.3-4'], '5.0': ['3.8.3-5'] },
  async run(scene) {
    const { is5, level, topic } = scene
    // 3.1.1 has only the QoS there, and QoS 3 is in the same statement.
    const options = is5 ? [0x40, 0x80, 0xc0] : [0x03, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80]
    const packets = options.map(
      one => [`SUBSCRIBE with options ${one}`, rawSubscribe(level, [[topic(), one]])] as const
    )
    await eachCloses(scene, 'suback', [0x81], packets)
  }
}

export const subscribeOptionValues: CaseDefinition = {
  name: 'subscribe-option-values',
  title: 'SUBSCRIBE with maximum QoS 3 or retain handling 3 ends the connection',
  // Without a number of their own [5.0: 3.8.3.1].
  proves: { '5.0': ['4.13.1-1'] },
  async run(scene) {
    await eachCloses(
      scene,
      'suback',
      [0x82],
      [
        ['SUBSCRIBE with maximum QoS 3', rawSubscribe(5, [[scene.topic(), 0x03]])],
        ['SUBSCRIBE with retain handling 3', rawSubscribe(5, [[scene.topic(), 0x30]])]
      ]
    )
  }
}

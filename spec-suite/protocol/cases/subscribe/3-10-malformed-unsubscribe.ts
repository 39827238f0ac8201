import { raw, rawUnsubscribe } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { illFormed } from '../ill-formed.js'
import { eachCloses } from './answers.js'

export const unsubscribeFlags: CaseDefinition = {
  name: 'unsubscribe-flags',
  title: 'UNSUBSCRIBE with other flags than 0010 ends the connection',
  proves: { '3.1.1': ['3.10.1-1'], '5.0': ['3.10.1-1'] },
  async run(scene) {
    const { level, topic } = scene
    const [, ...rest] = rawUnsubscribe(level, [topic()])
    const packets = [0xa0, 0xa3, 0xa6, 0xaa].map(
      first => [`UNSUBSCRIBE with flags ${first & 15}`, raw([first], rest)] as const
    )
    await eachCloses(scene, 'unsuback', [0x81], packets)
  }
}

export const unsubscribeIllFormed: CaseDefinition = {
  name: 'unsubscribe-ill-formed-filter',
  title: 'UNSUBSCRIBE with a filter that is not UTF-8 ends the connection',
  proves: { '3.1.1': ['3.10.3-1'], '5.0': ['3.10.3-1'] },
  async run(scene) {
    const packets = illFormed.map(([what, bytes]) => {
      const filter = raw(scene.topic(), bytes)
      return [`UNSUBSCRIBE from ${what}`, rawUnsubscribe(scene.level, [filter])] as const
    })
    await eachCloses(scene, 'unsuback', [0x81, 0x8f], packets)
  }
}

export const unsubscribeWithoutFilter: CaseDefinition = {
  name: 'unsubscribe-without-filter',
  title: 'UNSUBSCRIBE without a filter ends the connection',
  proves: { '3.1.1': ['3.10.3-2'], '5.0': ['3.10.3-2'] },
  async run(scene) {
    const bytes = rawUnsubscribe(scene.level, [])
    await eachCloses(scene, 'unsuback', [0x82], [['UNSUBSCRIBE without filters', bytes]])
  }
}

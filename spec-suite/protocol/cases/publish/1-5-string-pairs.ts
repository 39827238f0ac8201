import { properties, rawPublish, userProperty } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { illFormed, within } from '../ill-formed.js'
import { eachCloses, type Labelled } from './each-closes.js'

export const illFormedPairs: CaseDefinition = {
  name: 'ill-formed-user-properties',
  title: 'a user property whose name or value is no UTF-8, or has U+0000 in it, ends the connection',
  proves: { '5.0': ['1.5.7-1'] },
  async run(scene) {
    const wrong = [...illFormed.slice(0, 5), ['U+0000', [0]] as const]
    const packets = wrong.flatMap(([why, bytes]): Labelled[] => {
      const text = within('a', bytes)
      const publish = (pair: Buffer) => rawPublish(5, scene.topic(), { properties: properties(pair) })
      return [
        [`PUBLISH with ${why} in the name of a user property`, publish(userProperty(text, 'value'))],
        [`PUBLISH with ${why} in the value of a user property`, publish(userProperty('name', text))]
      ]
    })
    await eachCloses(scene, packets, 0x81)
  }
}

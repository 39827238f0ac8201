import { packet } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { topicsWitnessed, witnessOf } from './witness.js'

const asIs = { words: 'DISCONNECT', bytes: packet(0xe0) }
const withReason = [
  { words: 'DISCONNECT, 0x00', bytes: packet(0xe0, [0x00]) },
  { words: 'DISCONNECT, 0x00, no properties', bytes: packet(0xe0, [0x00, 0x00]) }
]

export const willDiscarded: CaseDefinition = {
  name: 'will-discarded',
  title: 'a client that says goodbye has no will',
  proves: { '3.1.1': ['3.14.4-3', '3.1.2-10', '3.1.2-8'], '5.0': ['3.14.4-3', '3.1.2-10', '3.1.2-8'] },
  seconds: 1,
  async run(scene) {
    const { connect, topic, is5, same } = scene
    const witness = await witnessOf(scene, topic('will'))
    for (const { words, bytes } of is5 ? [asIs, ...withReason] : [asIs]) {
      const client = await connect({ will: { topic: topic('will') } })
      client.raw(bytes, words)
      await client.gone()
    }
    same(await topicsWitnessed(scene, witness), [], 'the messages that came')
  }
}

export const willDiscardedForGood: CaseDefinition = {
  name: 'will-discarded-for-good',
  title: 'a will that was discarded is not published when a later connection without one breaks',
  proves: { '3.1.1': ['3.1.2-10', '3.1.2-12'], '5.0': ['3.1.2-10'] },
  seconds: 1,
  async run(scene) {
    const { connect, clientId, topic, same } = scene
    const id = clientId()
    const witness = await witnessOf(scene, topic('will'))
    const first = await connect({ clientId: id, keep: 60, will: { topic: topic('will') } })
    await first.disconnect()
    const second = await connect({ clientId: id, keep: 60 })
    second.raw(packet(0x00), 'packet type 0')
    await second.closes(0x81)
    same(await topicsWitnessed(scene, witness), [], 'the messages that came')
  }
}

export const willWanted: CaseDefinition = {
  name: 'will-wanted',
  title: 'a client that says goodbye with 0x04 wants its will to be published',
  proves: { '5.0': ['3.1.2-8', '3.14.4-3'] },
  async run(scene) {
    const { connect, topic } = scene
    const witness = await witnessOf(scene, topic('will'))
    const client = await connect({ will: { topic: topic('will') } })
    await client.disconnect(0x04)
    await witness.message(topic('will'))
  }
}

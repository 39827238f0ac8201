import type { CaseDefinition } from '../../case.js'
import { topicsWitnessed, witnessOf } from './witness.js'

export const willOnTakeOver: CaseDefinition = {
  name: 'will-on-take-over',
  title: 'a connection that is taken over has its will published, though the session goes on',
  // What the will of a connection that is taken over depends on is said without a number [5.0: 3.1.4].
  proves: { '3.1.1': ['3.1.2-8'], '5.0': ['3.1.2-8'] },
  needs: ['sessions'],
  async run(scene) {
    const { connect, clientId, topic } = scene
    const id = clientId()
    const witness = await witnessOf(scene, topic('will'))
    const old = await connect({ clientId: id, keep: 60, will: { topic: topic('will') }, label: 'old' })
    await connect({ clientId: id, keep: 60, label: 'new' })
    await old.closes(0x8e)
    await witness.message(topic('will'))
  }
}

export const willOnCleanTakeOver: CaseDefinition = {
  name: 'will-on-clean-take-over',
  title: 'a connection that is taken over with a clean start has its will published',
  proves: { '3.1.1': ['3.1.2-8'], '5.0': ['3.1.2-8'] },
  async run(scene) {
    const { connect, clientId, topic } = scene
    const id = clientId()
    const witness = await witnessOf(scene, topic('will'))
    const old = await connect({ clientId: id, will: { topic: topic('will') }, label: 'old' })
    await connect({ clientId: id, label: 'new' })
    await old.closes(0x8e)
    await witness.message(topic('will'))
  }
}

export const willDelayOnTakeOver: CaseDefinition = {
  name: 'will-delay-on-take-over',
  title: 'a delayed will is not published when the connection is taken over and the session goes on',
  proves: { '5.0': ['3.1.3-9', '3.1.2-8'] },
  needs: ['sessions'],
  seconds: 4,
  async run(scene) {
    const { connect, clientId, topic, seconds, same } = scene
    const id = clientId()
    const witness = await witnessOf(scene, topic('will'))
    const will = { topic: topic('will'), properties: { willDelayInterval: 2 } }
    const old = await connect({ clientId: id, keep: 60, will, label: 'old' })
    await old.subscribe(topic('own'))
    const taker = await connect({ clientId: id, keep: 60, label: 'new' })
    same(taker.connack?.sessionPresent, true, 'Session Present')
    await old.closes(0x8e)
    await seconds(3)
    same(await topicsWitnessed(scene, witness), [], 'the messages that came')
  }
}

export const willDelayOnCleanTakeOver: CaseDefinition = {
  name: 'will-delay-on-clean-take-over',
  title: 'a take-over with a clean start ends the session, and has a delayed will published',
  proves: { '5.0': ['3.1.2-8', '3.1.2-4'] },
  needs: ['sessions'],
  async run(scene) {
    const { connect, clientId, topic } = scene
    const id = clientId()
    const witness = await witnessOf(scene, topic('will'))
    const will = { topic: topic('will'), properties: { willDelayInterval: 60 } }
    const old = await connect({ clientId: id, keep: 60, will, label: 'old' })
    await connect({ clientId: id, clean: true, label: 'new' })
    await old.closes(0x8e)
    await witness.message(topic('will'))
  }
}

import type { CaseDefinition } from '../../case.js'
import { secondsUntilMessage } from './arrival.js'
import { topicsWitnessed, witnessOf } from './witness.js'

const delayed = (topic: string, willDelayInterval: number) => ({ topic, properties: { willDelayInterval } })

export const willDelay: CaseDefinition = {
  name: 'will-delay',
  title: 'a will is published when its delay is over, and not before',
  proves: { '5.0': ['3.1.2-8'] },
  needs: ['sessions'],
  seconds: 3,
  async run(scene) {
    const { connect, topic, check } = scene
    const witness = await witnessOf(scene, topic('will'))
    const client = await connect({ keep: 60, will: delayed(topic('will'), 3) })
    const start = performance.now()
    client.cut()
    const passed = await secondsUntilMessage(start, witness, topic('will'), 6)
    // A broker may count in whole seconds.
    check(passed >= 2, 'the will after 3 s', `it came after ${passed.toFixed(1)} s`)
  }
}

export const willDelayAfterDisconnect: CaseDefinition = {
  name: 'will-delay-after-disconnect',
  title: 'the will that a DISCONNECT asks for is delayed too',
  proves: { '5.0': ['3.1.2-8'] },
  needs: ['sessions'],
  seconds: 3,
  async run(scene) {
    const { connect, topic, check } = scene
    const witness = await witnessOf(scene, topic('will'))
    const client = await connect({ keep: 60, will: delayed(topic('will'), 3) })
    const start = performance.now()
    await client.disconnect(0x04)
    const passed = await secondsUntilMessage(start, witness, topic('will'), 6)
    check(passed >= 2, 'the will after 3 s', `it came after ${passed.toFixed(1)} s`)
  }
}

export const willDelayCutShort: CaseDefinition = {
  name: 'will-delay-cut-short',
  title: 'a will is published when the session ends, however long its delay is',
  proves: { '5.0': ['3.1.2-8'] },
  async run(scene) {
    const { connect, topic } = scene
    const witness = await witnessOf(scene, topic('will'))
    const client = await connect({ will: delayed(topic('will'), 60) })
    client.cut()
    await witness.message(topic('will'))
  }
}

export const willDelayCutShortByDisconnect: CaseDefinition = {
  name: 'will-delay-cut-short-by-disconnect',
  title: 'a DISCONNECT that ends the session and asks for the will has it published at once',
  proves: { '5.0': ['3.1.2-8'] },
  needs: ['sessions'],
  async run(scene) {
    const { connect, topic } = scene
    const witness = await witnessOf(scene, topic('will'))
    const client = await connect({ keep: 60, will: delayed(topic('will'), 60) })
    await client.disconnect(0x04, { sessionExpiryInterval: 0 })
    await witness.message(topic('will'))
  }
}

export const willDelayOverExpiry: CaseDefinition = {
  name: 'will-delay-over-expiry',
  title: 'a will whose delay is longer than the expiry of its session is published when that is over',
  proves: { '5.0': ['3.1.2-8', '4.1.0-2'] },
  needs: ['sessions'],
  seconds: 2,
  async run(scene) {
    const { connect, topic, check, notApplicable } = scene
    const witness = await witnessOf(scene, topic('will'))
    const client = await connect({ keep: 2, will: delayed(topic('will'), 60) })
    const granted = client.connack?.properties.sessionExpiryInterval ?? 2
    if (granted !== 2) notApplicable(`the broker made a session expiry of 2 s one of ${granted} s`)
    const start = performance.now()
    client.cut()
    const passed = await secondsUntilMessage(start, witness, topic('will'), 6)
    // A broker may count in whole seconds.
    check(passed >= 1, 'the will after 2 s', `it came after ${passed.toFixed(1)} s`)
  }
}

export const willDelayComesBack: CaseDefinition = {
  name: 'will-delay-comes-back',
  title: 'the will of a client that is back before the delay is over is not published',
  proves: { '5.0': ['3.1.3-9', '3.1.2-8'] },
  needs: ['sessions'],
  seconds: 7,
  async run(scene) {
    const { connect, clientId, topic, seconds, same } = scene
    const id = clientId()
    const witness = await witnessOf(scene, topic('will'))
    const client = await connect({ clientId: id, keep: 60, will: delayed(topic('will'), 5) })
    await client.subscribe(topic('own'))
    client.cut()
    await seconds(1)
    const again = await connect({ clientId: id, keep: 60 })
    same(again.connack?.sessionPresent, true, 'Session Present')
    await seconds(5)
    same(await topicsWitnessed(scene, witness), [], 'the messages that came')
  }
}

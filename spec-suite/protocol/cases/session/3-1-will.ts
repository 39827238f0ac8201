import { packet } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { topicsWitnessed, witnessOf } from './witness.js'

export const willOnCut: CaseDefinition = {
  name: 'will-on-cut',
  title: 'the will is published when the network breaks, and not before',
  proves: { '3.1.1': ['3.1.2-8'], '5.0': ['3.1.2-8', '3.1.2-7'] },
  seconds: 1,
  async run(scene) {
    const { connect, topic, same } = scene
    const witness = await witnessOf(scene, topic('will'))
    const client = await connect({ will: { topic: topic('will'), payload: Buffer.from('gone') } })
    same(await topicsWitnessed(scene, witness), [], 'messages while the client is connected')
    client.cut()
    const { text, retain } = await witness.message(topic('will'))
    same([text, retain], ['gone', false], 'payload and RETAIN')
    same(await topicsWitnessed(scene, witness), [], 'further messages')
  }
}

export const willOnProtocolError: CaseDefinition = {
  name: 'will-on-protocol-error',
  title: 'the will is published when the broker closes the connection for a protocol error',
  proves: { '3.1.1': ['3.1.2-8'], '5.0': ['3.1.2-8', '4.13.2-1'] },
  async run(scene) {
    const { connect, topic, same } = scene
    const witness = await witnessOf(scene, topic('will'))
    const client = await connect({ will: { topic: topic('will'), payload: Buffer.from('gone') } })
    client.raw(packet(0x00), 'packet type 0')
    await client.closes(0x81)
    same((await witness.message(topic('will'))).text, 'gone', 'the payload')
  }
}

export const willPayload: CaseDefinition = {
  name: 'will-payload',
  title: 'the payload of a will is published as it is, be it binary or empty',
  proves: { '3.1.1': ['3.1.2-8'], '5.0': ['3.1.2-7', '3.1.2-8'] },
  async run(scene) {
    const { connect, topic, same } = scene
    const witness = await witnessOf(scene, topic('will'))
    for (const payload of [Buffer.from([0, 255, 128, 0]), Buffer.alloc(0), Buffer.alloc(1000, 'x')]) {
      const client = await connect({ will: { topic: topic('will'), payload } })
      client.cut()
      same((await witness.message(topic('will'))).payload, payload, 'the payload')
    }
  }
}

export const willOnce: CaseDefinition = {
  name: 'will-once',
  title: 'a will that was published is gone, also where the session goes on',
  proves: { '3.1.1': ['3.1.2-10', '3.1.2-12'], '5.0': ['3.1.2-10'] },
  needs: ['sessions'],
  seconds: 2,
  async run(scene) {
    const { connect, clientId, topic, same } = scene
    const id = clientId()
    const witness = await witnessOf(scene, topic('will'))
    const first = await connect({ clientId: id, keep: 60, will: { topic: topic('will') } })
    first.cut()
    await witness.message(topic('will'))
    const second = await connect({ clientId: id, keep: 60 })
    second.raw(packet(0x00), 'packet type 0')
    await second.closes(0x81)
    same(await topicsWitnessed(scene, witness), [], 'further messages')
  }
}

export const willOfLastConnection: CaseDefinition = {
  name: 'will-of-last-connection',
  title: 'the will of the last CONNECT is published, and not that of an earlier one',
  proves: { '3.1.1': ['3.1.2-8', '3.1.2-10'], '5.0': ['3.1.2-7', '3.1.2-10'] },
  needs: ['sessions'],
  seconds: 1,
  async run(scene) {
    const { connect, clientId, topic, same } = scene
    const id = clientId()
    const witness = await witnessOf(scene, topic('first'), topic('second'))
    const first = await connect({ clientId: id, keep: 60, will: { topic: topic('first') } })
    await first.disconnect()
    const second = await connect({ clientId: id, keep: 60, will: { topic: topic('second') } })
    second.cut()
    same((await witness.message()).topic, topic('second'), 'the topic of the will')
    same(await topicsWitnessed(scene, witness), [], 'further messages')
  }
}

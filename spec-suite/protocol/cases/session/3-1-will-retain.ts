import type { CaseDefinition } from '../../case.js'
import { texts } from './texts.js'
import { witnessOf } from './witness.js'

export const willNotRetained: CaseDefinition = {
  name: 'will-not-retained',
  title: 'a will with Will Retain 0 is not kept for later subscribers',
  proves: { '3.1.1': ['3.1.2-16'], '5.0': ['3.1.2-14'] },
  seconds: 1,
  async run(scene) {
    const { connect, topic, seconds, same } = scene
    const witness = await witnessOf(scene, topic('will'))
    const client = await connect({ will: { topic: topic('will'), retain: false } })
    client.cut()
    same((await witness.message(topic('will'))).retain, false, 'RETAIN')
    await seconds(1)
    const late = await witnessOf(scene, topic('will'))
    same(texts(await late.messagesBeforeMarker(witness, { qos: 0 })), [], 'the messages that came later')
  }
}

export const willRetained: CaseDefinition = {
  name: 'will-retained',
  title: 'a will with Will Retain 1 is kept for later subscribers',
  proves: { '3.1.1': ['3.1.2-17'], '5.0': ['3.1.2-15'] },
  needs: ['retain'],
  seconds: 1,
  async run(scene) {
    const { connect, topic, seconds, same } = scene
    const witness = await witnessOf(scene, topic('will'))
    const will = { topic: topic('will'), retain: true, payload: Buffer.from('kept') }
    const client = await connect({ will })
    client.cut()
    await witness.message(topic('will'))
    await seconds(1)
    const late = await witnessOf(scene, topic('will'))
    const { text, retain } = await late.message(topic('will'))
    same([text, retain], ['kept', true], 'payload and RETAIN')
  }
}

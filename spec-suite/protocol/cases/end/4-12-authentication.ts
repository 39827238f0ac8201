import type { CaseDefinition } from '../../case.js'
import { authenticated, begun, challenged, sendAuth } from './authentication.js'

/** Codes of a CONNACK that says no to an authentication, or to the way in which it is done. */
const refusing = [0x81, 0x82, 0x83, 0x86, 0x87, 0x8c]

export const exchange: CaseDefinition = {
  name: 'authentication-exchange',
  title: 'a broker asks for more with AUTH 0x18, and names the method of CONNECT',
  proves: { '5.0': ['4.12.0-2', '4.12.0-5', '3.15.2-1'] },
  needs: ['challenge'],
  async run(scene) {
    const client = await authenticated(scene)
    await client.ping()
  }
}

export const methodInConnack: CaseDefinition = {
  name: 'authentication-method-in-connack',
  title: 'the CONNACK of an authentication names the method of CONNECT',
  proves: { '5.0': ['4.12.0-5'] },
  needs: ['enhancedAuthentication'],
  async run(scene) {
    const { connack } = await authenticated(scene)
    const { method } = scene.facts.enhancedAuthentication!
    scene.same(connack!.properties.authenticationMethod, method, 'the method of CONNACK')
  }
}

export const authenticationRejected: CaseDefinition = {
  name: 'authentication-rejected',
  title: 'a client that does not prove who it is, is refused',
  proves: { '5.0': ['4.12.0-4', '4.13.2-1'] },
  needs: ['enhancedAuthentication'],
  async run(scene) {
    const { answers, wrong } = scene.facts.enhancedAuthentication!
    const client = await begun(scene, {}, answers.length > 0 ? undefined : wrong)
    if (answers.length > 0) {
      await client.next('auth')
      sendAuth(scene, client, 0x18, wrong)
    }
    await client.refuses({ '5.0': [...refusing, 0x88, 0x89, 0x8a, 0x9f] })
  }
}

export const wrongCodeInExchange: CaseDefinition = {
  name: 'authentication-answer-of-another-code',
  title: 'a right answer in an AUTH whose code is not 0x18 is refused',
  proves: { '5.0': ['4.12.0-3', '3.15.2-1'] },
  needs: ['challenge'],
  async run(scene) {
    const [data] = scene.facts.enhancedAuthentication!.answers
    for (const code of [0x00, 0x19, 0x55]) {
      const client = await challenged(scene)
      sendAuth(scene, client, code, data)
      await client.refuses({ '5.0': refusing })
    }
  }
}

export const otherMethodInExchange: CaseDefinition = {
  name: 'authentication-answer-of-another-method',
  title: 'a right answer in an AUTH that names another method, or none, is refused',
  proves: { '5.0': ['4.12.0-5', '4.13.1-1'] },
  needs: ['challenge'],
  async run(scene) {
    const [data] = scene.facts.enhancedAuthentication!.answers
    for (const method of ['suite-unknown', null]) {
      const client = await challenged(scene)
      sendAuth(scene, client, 0x18, data, method)
      await client.refuses({ '5.0': refusing })
    }
  }
}

export const onlyAuthInExchange: CaseDefinition = {
  name: 'authentication-without-other-packets',
  title: 'a packet other than AUTH and DISCONNECT ends an authentication, and is not acted on',
  proves: { '5.0': ['3.1.2-30'] },
  needs: ['challenge'],
  async run(scene) {
    const { connect, topic, same } = scene
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    const publisher = await challenged(scene)
    publisher.startPublish(topic())
    await publisher.refuses({ '5.0': refusing })
    for (const cmd of ['subscribe', 'pingreq'] as const) {
      const client = await challenged(scene)
      if (cmd === 'pingreq') client.send({ cmd })
      else client.send({ cmd, messageId: 1, subscriptions: [{ topic: topic(), qos: 0 }] })
      await client.refuses({ '5.0': refusing })
      same(client.inbox.length, 0, 'packets that came before the end')
    }
    same((await subscriber.messagesBeforeMarker(subscriber, { qos: 0 })).length, 0, 'messages')
  }
}

import type { CaseDefinition } from '../../case.js'
import type { TestClient } from '../../client/test-client.js'
import type { Scene } from '../../scene.js'
import { answer, authenticated, sendAuth } from './authentication.js'

const disconnecting = [0x81, 0x82, 0x83, 0x87, 0x8c]

/** The broker says that it was proved again who the client is. */
async function accepted(scene: Scene, client: TestClient): Promise<void> {
  const { reasonCode, properties: found } = await client.next('auth')
  scene.same(reasonCode, 0x00, 'the code of the last AUTH')
  scene.same(found.authenticationMethod, scene.facts.enhancedAuthentication!.method, 'its method', [
    '4.12.0-5'
  ])
}

export const again: CaseDefinition = {
  name: 'authentication-again',
  title: 'a client can prove again who it is, with the method of CONNECT',
  proves: { '5.0': ['4.12.1-1', '4.12.0-5', '3.15.2-1'] },
  needs: ['reauthentication'],
  async run(scene) {
    const client = await authenticated(scene)
    sendAuth(scene, client, 0x19, scene.facts.enhancedAuthentication!.data)
    await answer(scene, client)
    await accepted(scene, client)
    await client.ping()
  }
}

export const againWithAnotherMethod: CaseDefinition = {
  name: 'authentication-again-with-another-method',
  title: 'authenticating again with another method, or with none, ends the connection',
  proves: { '5.0': ['4.12.1-1', '4.12.0-5'] },
  needs: ['reauthentication'],
  async run(scene) {
    for (const method of ['suite-unknown', null]) {
      const client = await authenticated(scene)
      sendAuth(scene, client, 0x19, scene.facts.enhancedAuthentication!.data, method)
      await client.closes(...disconnecting)
    }
  }
}

export const againFails: CaseDefinition = {
  name: 'authentication-again-fails',
  title: 'a client that does not prove again who it is, loses its connection',
  proves: { '5.0': ['4.12.1-2', '4.13.2-1'] },
  needs: ['reauthentication'],
  async run(scene) {
    const { answers, data, wrong } = scene.facts.enhancedAuthentication!
    const client = await authenticated(scene)
    sendAuth(scene, client, 0x19, answers.length > 0 ? data : wrong)
    if (answers.length > 0) {
      await client.next('auth')
      sendAuth(scene, client, 0x18, wrong)
    }
    await client.closes(...disconnecting, 0x89, 0x98)
  }
}

import type { CaseDefinition } from '../../case.js'
import type { Scene } from '../../scene.js'
import { refusesRequest } from './answers.js'
import { takes } from './subscriptions.js'

export const shareNames: CaseDefinition = {
  name: 'share-names',
  title: 'a shared filter is $share, a name, and a filter, which may begin with a slash',
  proves: { '5.0': ['4.8.2-1', '4.8.2-2'] },
  needs: ['sharedSubscriptions', 'qos1'],
  async run(scene) {
    const { topic } = scene
    await takes(scene, `$share/g/${topic()}`, { taken: [topic()], left: [topic('b'), `/${topic()}`] })
    await takes(scene, `$share/a name, ä/${topic()}`, { taken: [topic()], left: [topic('b')] })
    await takes(scene, `$share/g//${topic()}`, { taken: [`/${topic()}`], left: [topic()] })
  }
}

export const shareNameMissing: CaseDefinition = {
  name: 'share-name-missing',
  title: 'a shared filter without a name is refused',
  proves: { '5.0': ['4.8.2-1'] },
  needs: ['sharedSubscriptions'],
  run: scene => refusesEach(scene, [`$share//${scene.topic()}`, '$share//', '$share/'])
}

export const shareNameWrong: CaseDefinition = {
  name: 'share-name-with-wildcards',
  title: 'a shared filter with a wildcard in its name is refused',
  proves: { '5.0': ['4.8.2-2'] },
  needs: ['sharedSubscriptions'],
  async run(scene) {
    const names = ['g+', '+g', '+', 'g#', '#g', '#']
    await refusesEach(
      scene,
      names.map(name => `$share/${name}/${scene.topic()}`)
    )
  }
}

export const shareWithoutFilter: CaseDefinition = {
  name: 'share-name-without-filter',
  title: 'a shared filter that ends after its name is refused',
  proves: { '5.0': ['4.8.2-2'] },
  needs: ['sharedSubscriptions'],
  run: scene => refusesEach(scene, ['$share/g/', '$share/g'])
}

async function refusesEach({ connect }: Scene, filters: string[]): Promise<void> {
  for (const filter of filters) {
    const client = await connect()
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: filter, qos: 0 }] })
    await refusesRequest(client, 'suback', [0x81, 0x82, 0x8f])
  }
}

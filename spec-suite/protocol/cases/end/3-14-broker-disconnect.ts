import { Breach } from '../../breach.js'
import { packet } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import type { TestClient } from '../../client/test-client.js'
import type { ConnectOptions, Scene } from '../../scene.js'

interface Provocation {
  readonly name: string
  readonly codes: readonly number[]
  provoke(client: TestClient, scene: Scene): unknown
}

/** What makes a broker end a connection, with a DISCONNECT if it likes. */
const provocations: readonly Provocation[] = [
  {
    ...{ name: 'again', codes: [0x82] },
    provoke: (client, { connectPacket }) => client.send(connectPacket({ clientId: client.clientId }))
  },
  { name: 'malformed', codes: [0x81], provoke: client => client.raw(packet(0x00), 'packet type 0') },
  {
    ...{ name: 'auth', codes: [0x82] },
    provoke: client => client.raw(packet(0xf0), 'AUTH that nobody expects')
  },
  {
    ...{ name: 'alias', codes: [0x82, 0x94] },
    provoke: (client, { topic }) => client.startPublish(topic(), 'x', { properties: { topicAlias: 0xffff } })
  },
  {
    ...{ name: 'takeover', codes: [0x8e] },
    provoke: ({ clientId }, { connect }) => connect({ clientId, label: 'successor' })
  }
]

async function eachProvoked(scene: Scene, options: ConnectOptions, messages = 0): Promise<void> {
  const { connect, topic, facts } = scene
  for (const { name, codes, provoke } of provocations) {
    if (name === 'alias' && facts.topicAliasMaximum === 0xffff) continue
    const client = await connect({ ...options, label: name })
    if (messages > 0) await client.subscribe(topic(name))
    // Some of them may be under way to the client when the connection has to end.
    for (let i = 0; i < messages; i++) client.startPublish(topic(name))
    await provoke(client, scene)
    try {
      await client.closes(...codes)
    } catch (err) {
      // What it lets pass is the matter of other cases.
      if (client.ended || !(err instanceof Breach)) throw err
    }
  }
}

export const lastWord: CaseDefinition = {
  name: 'disconnect-is-the-last-word',
  title: 'a DISCONNECT of the broker is legal, and is followed by the end and by nothing else',
  proves: { '5.0': ['3.14.2-1', '3.14.2-2', '3.14.4-1', '3.14.4-2', '4.13.2-1'] },
  run: scene => eachProvoked(scene, {}, 20)
}

export const disconnectFits: CaseDefinition = {
  name: 'disconnect-fits',
  title: 'a DISCONNECT is not made too large for the client by what it says',
  proves: { '5.0': ['3.14.2-3', '3.14.2-4'] },
  async run(scene) {
    // The client has to take CONNACK, and need not take more.
    const { connack } = await scene.connect()
    await eachProvoked(scene, { properties: { maximumPacketSize: connack!.bytes.length } })
  }
}

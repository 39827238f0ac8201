import type { CaseDefinition } from '../../case.js'
import type { TestClient } from '../../client/test-client.js'
import type { Scene } from '../../scene.js'
import type { ReceivedCommand } from '../../wire/received.js'

/** A client for which hardly more than the CONNACK is small enough. Of longer packets, the watch will tell. */
async function modest({ connect }: Scene): Promise<TestClient> {
  const { connack } = await connect({ label: 'measure' })
  const maximumPacketSize = Math.max(connack!.bytes.length, 20)
  return connect({ label: 'modest', properties: { maximumPacketSize } })
}

/** Waits for this answer, or until it is plain that none comes. */
async function answered(client: TestClient, cmd: ReceivedCommand): Promise<void> {
  client.send({ cmd: 'pingreq' })
  const seen = () => client.inbox.some(packet => packet.cmd === cmd || packet.cmd === 'pingresp')
  await client.until(`${cmd.toUpperCase()}, PINGRESP, or the end`, seen, true)
  if (!client.ended) await client.ping()
}

export const pubackFits: CaseDefinition = {
  name: 'puback-fits',
  title: 'a PUBACK says no more than fits into the maximum packet size of the client',
  proves: { '5.0': ['3.4.2-2', '3.4.2-3'] },
  needs: ['qos1'],
  async run(scene) {
    const client = await modest(scene)
    await client.publish(scene.topic('nobody'), 'x', { qos: 1 })
  }
}

export const pubrecFits: CaseDefinition = {
  name: 'pubrec-fits',
  title: 'a PUBREC says no more than fits into the maximum packet size of the client',
  proves: { '5.0': ['3.5.2-2', '3.5.2-3'] },
  needs: ['qos2'],
  async run(scene) {
    const client = await modest(scene)
    await client.publish(scene.topic('nobody'), 'x', { qos: 2 })
  }
}

export const refusalFits: CaseDefinition = {
  name: 'refusing-puback-fits',
  title: 'a PUBACK or PUBREC that refuses says no more than fits into the maximum packet size of the client',
  proves: { '5.0': ['3.4.2-2', '3.4.2-3', '3.5.2-2', '3.5.2-3'] },
  needs: ['refusedTopic', 'qos2'],
  async run(scene) {
    for (const [qos, answer] of [
      [1, 'puback'],
      [2, 'pubrec']
    ] as const) {
      const client = await modest(scene)
      client.startPublish(scene.facts.refusedTopic!, 'x', { qos, messageId: 7 })
      await answered(client, answer)
    }
  }
}

export const pubrelFits: CaseDefinition = {
  name: 'pubrel-fits',
  title: 'a PUBREL says no more than fits into the maximum packet size of the client',
  proves: { '5.0': ['3.6.2-2', '3.6.2-3'] },
  needs: ['qos2'],
  async run(scene) {
    const client = await modest(scene)
    client.acknowledges = false
    client.send({ cmd: 'pubrec', messageId: 4711 })
    await answered(client, 'pubrel')
  }
}

export const pubcompFits: CaseDefinition = {
  name: 'pubcomp-fits',
  title: 'a PUBCOMP says no more than fits into the maximum packet size of the client',
  proves: { '5.0': ['3.7.2-2', '3.7.2-3'] },
  needs: ['qos2'],
  async run(scene) {
    const client = await modest(scene)
    client.send({ cmd: 'pubrel', messageId: 4711 })
    await answered(client, 'pubcomp')
  }
}

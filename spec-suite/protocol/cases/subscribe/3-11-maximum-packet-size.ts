import type { CaseDefinition } from '../../case.js'
import type { Scene } from '../../scene.js'
import type { Received } from '../../wire/received.js'

/** A client, and how many codes just fill its maximum packet size, which is no less than a CONNACK needs. */
async function filling({ connect }: Scene) {
  const { connack } = await connect()
  const count = Math.max(connack!.bytes.length, 30)
  // First byte, remaining length, identifier, properties.
  const maximumPacketSize = 1 + (count + 3 > 127 ? 2 : 1) + 2 + 1 + count
  const client = await connect({ properties: { maximumPacketSize } })
  return { client, count }
}

function bare({ check }: Scene, { cmd, properties }: Received, [reason, user]: [string, string]): void {
  const word = cmd.toUpperCase()
  const none = properties.reasonString === undefined
  check(none, `${word} without a reason string, which is too long`, 'it had one', [reason])
  const { userProperties } = properties
  check(userProperties.length === 0, `${word} without user properties, which are too long`, 'it had some', [
    user
  ])
}

export const subackFits: CaseDefinition = {
  name: 'suback-within-maximum-packet-size',
  title: 'SUBACK has no reason string and no user property where they would exceed the maximum packet size',
  proves: { '5.0': ['3.9.2-1', '3.9.2-2'] },
  async run(scene) {
    const { client, count } = await filling(scene)
    const subscriptions = Array.from({ length: count }, (_, i) => ({
      topic: scene.topic(`${i}`),
      qos: 0 as const
    }))
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions })
    bare(scene, await client.next('suback'), ['3.9.2-1', '3.9.2-2'])
  }
}

export const refusingSubackFits: CaseDefinition = {
  name: 'refusing-suback-within-maximum-packet-size',
  title: 'SUBACK of refused filters has no reason string and no user property that would exceed the maximum',
  proves: { '5.0': ['3.9.2-1', '3.9.2-2'] },
  needs: ['refusedFilter'],
  async run(scene) {
    const { client, count } = await filling(scene)
    const refused = { topic: scene.facts.refusedFilter!, qos: 0 as const }
    client.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: Array.from({ length: count }, () => refused)
    })
    bare(scene, await client.next('suback'), ['3.9.2-1', '3.9.2-2'])
  }
}

export const unsubackFits: CaseDefinition = {
  name: 'unsuback-within-maximum-packet-size',
  title: 'UNSUBACK has no reason string and no user property where they would exceed the maximum packet size',
  proves: { '5.0': ['3.11.2-1', '3.11.2-2'] },
  async run(scene) {
    const { client, count } = await filling(scene)
    const unsubscriptions = Array.from({ length: count }, (_, i) => scene.topic(`unknown ${i}`))
    client.send({ cmd: 'unsubscribe', messageId: 1, unsubscriptions })
    bare(scene, await client.next('unsuback'), ['3.11.2-1', '3.11.2-2'])
  }
}

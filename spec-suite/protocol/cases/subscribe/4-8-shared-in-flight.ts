import type { CaseDefinition } from '../../case.js'
import type { TestClient } from '../../client/test-client.js'
import type { Scene } from '../../scene.js'
import { served } from './groups.js'
import { texts } from './subscriptions.js'

/** Two members of a group; one of them got a message and has not acknowledged it. */
async function underWay({ connect, notApplicable, topic }: Scene, qos: 1 | 2, keep?: number) {
  const publisher = await connect({ label: 'publisher' })
  const members: TestClient[] = []
  for (const label of ['one', 'two']) {
    const member = await connect({ label, acknowledges: false, ...(keep !== undefined && { keep }) })
    const [granted] = await member.subscribe(`$share/group/${topic()}`, { qos })
    if (granted !== qos) notApplicable('the broker grants a lower QoS')
    members.push(member)
  }
  await publisher.publish(topic(), 'x', { qos })
  const { chosen, other, message } = await served(members[0]!, members[1]!)
  // A broker need not send it anything more while it owes acknowledgements.
  other.acknowledges = true
  return { publisher, chosen, other, message }
}

export const sharedQos2Completed: CaseDefinition = {
  name: 'shared-qos-2-completed',
  title: 'a delivery of QoS 2 that has begun to a member is completed to it when it is back, and to no other',
  proves: { '5.0': ['4.8.2-4'] },
  needs: ['sharedSubscriptions', 'qos2', 'sessions'],
  async run(scene) {
    const { connect, same } = scene
    const { publisher, chosen, other, message } = await underWay(scene, 2, 60)
    chosen.cut()
    same(texts(await other.messagesBeforeMarker(publisher)), [], 'what the other got meanwhile')
    const back = await connect({ label: 'back', clientId: chosen.clientId, keep: 60, acknowledges: false })
    const again = await back.message()
    const wanted = [message.text, 2, message.messageId]
    same([again.text, again.qos, again.messageId], wanted, 'payload, QoS and identifier')
    back.acknowledge(again)
    const { messageId } = await back.next('pubrel')
    same(messageId, message.messageId, 'the identifier of PUBREL')
    back.send({ cmd: 'pubcomp', messageId })
    same(texts(await other.messagesBeforeMarker(publisher)), [], 'what the other got after that')
  }
}

export const sharedQos2Ended: CaseDefinition = {
  name: 'shared-qos-2-session-ends',
  title: 'a message of QoS 2 that was begun to a member goes to no other when the session of that one ends',
  proves: { '5.0': ['4.8.2-5'] },
  needs: ['sharedSubscriptions', 'qos2', 'sessions'],
  async run(scene) {
    const { connect, same } = scene
    const { publisher, chosen, other } = await underWay(scene, 2, 60)
    chosen.cut()
    await connect({ label: 'new session', clientId: chosen.clientId, clean: true })
    same(texts(await other.messagesBeforeMarker(publisher)), [], 'what the other got')
  }
}

export const sharedQos2Expired: CaseDefinition = {
  name: 'shared-qos-2-session-expires',
  title: 'a message of QoS 2 that was begun to a member goes to no other when that one is gone for good',
  proves: { '5.0': ['4.8.2-5'] },
  needs: ['sharedSubscriptions', 'qos2'],
  seconds: 3,
  async run(scene) {
    const { same, seconds } = scene
    const { publisher, chosen, other } = await underWay(scene, 2)
    // Its session ends with the connection.
    chosen.cut()
    await seconds(3)
    same(texts(await other.messagesBeforeMarker(publisher)), [], 'what the other got')
  }
}

/** A member refuses a message: nobody gets it any more, and it stays usable. */
async function refused(scene: Scene, qos: 1 | 2): Promise<void> {
  const { same, topic } = scene
  const { publisher, chosen, other, message } = await underWay(scene, qos)
  chosen.acknowledge(message, 0x83)
  chosen.acknowledges = true
  await chosen.ping()
  same(texts(await other.messagesBeforeMarker(publisher)), [], 'what the other got')
  same(texts(await chosen.messagesBeforeMarker(publisher)), [], 'what the member got that refused')
  await publisher.publish(topic(), 'next', { qos })
  const next = await served(chosen, other)
  same(next.message.text, 'next', 'the message after that')
}

export const sharedRefusedQos1: CaseDefinition = {
  name: 'shared-refused-qos-1',
  title: 'a message that a member refuses in PUBACK is offered to no other',
  proves: { '5.0': ['4.8.2-6'] },
  needs: ['sharedSubscriptions', 'qos1'],
  run: scene => refused(scene, 1)
}

export const sharedRefusedQos2: CaseDefinition = {
  name: 'shared-refused-qos-2',
  title: 'a message that a member refuses in PUBREC is offered to no other',
  proves: { '5.0': ['4.8.2-6'] },
  needs: ['sharedSubscriptions', 'qos2'],
  run: scene => refused(scene, 2)
}

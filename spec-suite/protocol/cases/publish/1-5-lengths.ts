import { properties, rawPublish, userProperty } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'

/** Around the lengths where a variable byte integer grows by a byte. */
const steps = [126, 127, 128, 129, 16_382, 16_383, 16_384, 16_385]

export const lengthSteps: CaseDefinition = {
  name: 'remaining-length-steps',
  title: 'messages of all lengths come whole, and their lengths are written in as few bytes as possible',
  proves: { '5.0': ['1.5.5-1'] },
  async run({ connect, topic, same, facts }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    const limit = facts.maximumPacketSize ?? Number.POSITIVE_INFINITY
    // Both lengths of a PUBLISH: with its payload, and with a user property.
    const around = Buffer.byteLength(topic()) + 3
    for (const length of steps) {
      if (length + 8 > limit) continue
      const payload = 'p'.repeat(length - around)
      await publisher.publish(topic(), payload)
      same((await subscriber.message()).text, payload, `the payload at a remaining length of ${length}`)
      if (length + around + 8 > limit) continue
      const value = 'v'.repeat(length - 6)
      const own = properties(userProperty('n', value))
      publisher.raw(rawPublish(5, topic(), { properties: own, payload: '' }))
      const { properties: found } = await subscriber.message()
      same(found.userProperties.find(([name]) => name === 'n')?.[1], value, 'the user property')
    }
  }
}

export const identifierSteps: CaseDefinition = {
  name: 'subscription-identifier-steps',
  title: 'subscription identifiers up to the highest come back, in as few bytes as possible',
  proves: { '5.0': ['1.5.5-1'] },
  needs: ['subscriptionIdentifiers'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    for (const id of [1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455]) {
      await subscriber.subscribe(topic(`${id}`), { properties: { subscriptionIdentifier: id } })
      await publisher.publish(topic(`${id}`))
      same((await subscriber.message()).properties.subscriptionIdentifiers, [id], 'the identifiers')
    }
  }
}

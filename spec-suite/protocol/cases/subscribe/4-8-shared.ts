import type { CaseDefinition } from '../../case.js'
import type { TestClient } from '../../client/test-client.js'
import { collected } from './groups.js'
import { texts } from './subscriptions.js'

// What shared subscriptions do has no numbers of its own [5.0: 4.8.2]: 4.8.2-1 says what makes them.

export const sharedOnce: CaseDefinition = {
  name: 'shared-one-member',
  title: 'each message goes to one member of a group, and to one only',
  proves: { '5.0': ['4.8.2-1'] },
  needs: ['sharedSubscriptions', 'qos1'],
  async run({ connect, same, topic }) {
    const publisher = await connect({ label: 'publisher' })
    const members: TestClient[] = []
    for (let i = 0; i < 3; i++) {
      const member = await connect({ label: 'member' })
      await member.subscribe(`$share/group/${topic()}`, { qos: 1 })
      members.push(member)
    }
    const numbers = Array.from({ length: 12 }, (_, i) => `number ${i + 10}`)
    for (const number of numbers) await publisher.publish(topic(), number, { qos: 1 })
    const messages = await collected(members, publisher, numbers.length)
    same(
      messages
        .flat()
        .map(({ text }) => text)
        .sort(),
      numbers,
      'what the members got together'
    )
  }
}

export const sharedGroups: CaseDefinition = {
  name: 'shared-groups',
  title: 'each group, also of another filter, and each normal subscription gets a message on its own',
  proves: { '5.0': ['4.8.2-1'] },
  needs: ['sharedSubscriptions', 'qos1'],
  async run({ connect, same, topic }) {
    const publisher = await connect({ label: 'publisher' })
    const filters = [topic(), `$share/one/${topic()}`, `$share/two/${topic()}`, `$share/one/${topic('b')}`]
    const clients: TestClient[] = []
    for (const filter of filters) {
      const client = await connect({ label: 'subscriber' })
      await client.subscribe(filter, { qos: 1 })
      clients.push(client)
    }
    await publisher.publish(topic(), 'for three', { qos: 1 })
    await publisher.publish(topic('b'), 'for one', { qos: 1 })
    for (const [i, client] of clients.entries()) {
      const texts = (await collected([client], publisher, 1)).flat().map(({ text }) => text)
      same(texts, [i < 3 ? 'for three' : 'for one'], `what came by '${filters[i]}'`)
    }
  }
}

export const sharedAndNormal: CaseDefinition = {
  name: 'shared-and-normal',
  title: 'a client with a normal subscription and a shared one, whose only member it is, gets both copies',
  proves: { '5.0': ['4.8.2-1'] },
  needs: ['sharedSubscriptions', 'qos1'],
  async run({ connect, same, topic }) {
    const publisher = await connect({ label: 'publisher' })
    const client = await connect()
    await client.subscribe([topic(), `$share/group/${topic()}`], { qos: 1 })
    await publisher.publish(topic(), 'x', { qos: 1 })
    same((await collected([client], publisher, 2)).flat().length, 2, 'the number of copies')
  }
}

export const sharedLeave: CaseDefinition = {
  name: 'shared-member-leaves',
  title: 'a member that has unsubscribed gets nothing more, and those that stay get everything',
  proves: { '5.0': ['3.10.4-1', '3.10.4-2'] },
  needs: ['sharedSubscriptions', 'qos1'],
  async run({ connect, same, topic }) {
    const publisher = await connect({ label: 'publisher' })
    const stays = await connect({ label: 'stays' })
    const leaves = await connect({ label: 'leaves' })
    const filter = `$share/group/${topic()}`
    for (const client of [stays, leaves]) await client.subscribe(filter, { qos: 1 })
    // Only the whole filter is the one that it has.
    await stays.unsubscribe(topic(), `$share/other/${topic()}`)
    await leaves.unsubscribe(filter)
    const numbers = Array.from({ length: 4 }, (_, i) => `number ${i}`)
    for (const number of numbers) await publisher.publish(topic(), number, { qos: 1 })
    const messages = await collected([stays], publisher, numbers.length)
    same(
      messages
        .flat()
        .map(({ text }) => text)
        .sort(),
      numbers,
      'what the client that stays got'
    )
    same(texts(await leaves.messagesBeforeMarker(publisher)), [], 'what the client that left got')
  }
}

export const sharedRetained: CaseDefinition = {
  name: 'shared-no-retained-messages',
  title: 'a shared subscription brings no retained messages, but those that are published later',
  proves: { '5.0': ['4.8.2-1'] },
  needs: ['sharedSubscriptions', 'retain', 'qos1'],
  async run({ connect, same, topic }) {
    const publisher = await connect({ label: 'publisher' })
    await publisher.publish(topic(), 'kept', { qos: 1, retain: true })
    const normal = await connect({ label: 'normal' })
    await normal.subscribe(topic(), { qos: 1 })
    same((await normal.message()).text, 'kept', 'what the normal subscription brings')
    const member = await connect({ label: 'member' })
    await member.subscribe(`$share/group/${topic()}`, { qos: 1, rh: 0 })
    same(texts(await member.messagesBeforeMarker(publisher)), [], 'what the shared subscription brings')
    await publisher.publish(topic(), 'new', { qos: 1 })
    same((await member.message()).text, 'new', 'the message that comes')
  }
}

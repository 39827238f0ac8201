import { scenario, scenarios, versions, type World } from '../support/scenario.js'
import type { StrictPeer } from '../support/strict-peer.js'

const group = '$share/g/t'

async function members(
  { client }: World,
  count: number,
  qos: 0 | 1 | 2 = 1,
  options = {}
): Promise<StrictPeer[]> {
  const all: StrictPeer[] = []
  for (let i = 0; i < count; i++) {
    const one = await client(5, `m${i}`, options)
    await one.subscribe(group, { qos })
    all.push(one)
  }
  return all
}

const kept = { clean: false, properties: { sessionExpiryInterval: 60 } }

scenarios(
  versions,
  'one member of a group gets a message, each member some',
  async ({ client }, t, version) => {
    const all: StrictPeer[] = []
    for (const id of ['a', 'b', 'c']) {
      const one = await client(version, id)
      await one.subscribe(group)
      all.push(one)
    }
    const publisher = await client(version, 'publisher')
    for (let i = 0; i < 30; i++) await publisher.publish('t', `${i}`)
    const seen: string[] = []
    for (const one of all) {
      const payloads = await one.payloads()
      t.ok(payloads.length > 0)
      seen.push(...payloads)
    }
    t.same(
      seen.map(Number).sort((a, b) => a - b),
      [...Array(30).keys()]
    )
  }
)

scenario('each group and each ordinary subscription gets a copy of its own', async ({ client }, t) => {
  const one = await client(5, 'one')
  for (const filter of [group, '$share/h/t', '$share/g/+', 't']) await one.subscribe(filter)
  await one.publish('t')
  t.equal((await one.messages()).length, 4)
})

scenario('a group is its name and its filter [5.0 MQTT-4.8.2-2]', async ({ client }, t) => {
  const one = await client(5, 'one')
  await one.subscribe('$share/g//t')
  await one.publish('/t', 'with an empty level')
  await one.publish('t', 'without')
  t.same(await one.payloads(), ['with an empty level'])
})

scenario('each member is served within its own QoS [5.0 MQTT-4.8.2-3]', async ({ client }, t) => {
  const zero = await client(5, 'zero')
  const one = await client(5, 'one')
  await zero.subscribe(group, { qos: 0 })
  await one.subscribe(group, { qos: 1 })
  const publisher = await client(5, 'publisher')
  for (let i = 0; i < 10; i++) await publisher.publish('t', 'x', { qos: 2 })
  const counts: number[] = []
  for (const [peer, qos] of [
    [zero, 0],
    [one, 1]
  ] as const) {
    const messages = await peer.messages()
    t.ok(messages.every(message => message.qos === qos))
    counts.push(messages.length)
  }
  t.equal(
    counts.reduce((a, b) => a + b),
    10
  )
})

scenario('a QoS 2 delivery that began goes on with its member [5.0 MQTT-4.8.2-4]', async world => {
  const [one, other] = await members(world, 2, 2, kept)
  const publisher = await world.client(5, 'publisher')
  await publisher.publish('t', 'x', { qos: 2 })
  const messages = [await one!.messages(), await other!.messages()]
  const chosen = messages[0]!.length > 0 ? 0 : 1
  const { messageId } = messages[chosen]![0]!
  await [one!, other!][chosen]!.lost()
  const back = await world.client(5, `m${chosen}`, kept)
  const again = await back.next('publish')
  if (again.messageId !== messageId || !again.dup) throw new Error('not the same delivery')
  back.send({ cmd: 'pubrec', messageId: messageId! })
  await back.next('pubrel')
  await [other!, one!][chosen]!.nothing()
})

scenario(
  'a QoS 2 delivery that began ends with the session of its member [5.0 MQTT-4.8.2-5]',
  async (world, t) => {
    const [one, other] = await members(world, 2, 2)
    await (await world.client(5, 'publisher')).publish('t', 'x', { qos: 2 })
    const counts = [(await one!.messages()).length, (await other!.messages()).length]
    const [gone, left] = counts[0] === 1 ? [one!, other!] : [other!, one!]
    await gone.lost()
    t.same(await left.payloads(), [])
  }
)

scenario('QoS 1 messages of a member whose session ends go to another', async (world, t) => {
  const [one, other] = await members(world, 2, 1)
  const publisher = await world.client(5, 'publisher')
  for (let i = 0; i < 6; i++) await publisher.publish('t', `${i}`, { qos: 1 })
  const [first, second] = [await one!.payloads(), await other!.payloads()]
  await one!.lost()
  t.same([...second, ...(await other!.payloads())].sort(), [...first, ...second].sort())
  t.equal(first.length + second.length, 6)
})

scenario('what a member refused is offered to nobody else [5.0 MQTT-4.8.2-6]', async (world, t) => {
  const [one, other] = await members(world, 2, 2)
  const publisher = await world.client(5, 'publisher')
  for (const qos of [1, 2] as const) {
    await publisher.publish('t', 'x', { qos })
    for (const [peer, rest] of [
      [one!, other!],
      [other!, one!]
    ] as const) {
      const [message] = await peer.messages()
      if (!message) continue
      peer.send({ cmd: qos === 1 ? 'puback' : 'pubrec', messageId: message.messageId!, reasonCode: 0x80 })
      await peer.nothing()
      t.same(await rest.payloads(), [])
    }
  }
})

scenario('messages pass over members that are away, as long as another is there', async (world, t) => {
  const [away, there] = await members(world, 2, 1, kept)
  await away!.lost()
  const publisher = await world.client(5, 'publisher')
  for (let i = 0; i < 5; i++) await publisher.publish('t', `${i}`, { qos: 1 })
  t.equal((await there!.payloads()).length, 5)
  await there!.lost()
  await publisher.publish('t', 'for later', { qos: 1 })
  const back = [await world.client(5, 'm0', kept), await world.client(5, 'm1', kept)]
  const seen = [...(await back[0]!.payloads()), ...(await back[1]!.payloads())]
  t.equal(seen.filter(payload => payload === 'for later').length, 1)
})

scenario('UNSUBSCRIBE leaves the group', async (world, t) => {
  const [one, other] = await members(world, 2)
  one!.send({ cmd: 'unsubscribe', messageId: 5, unsubscriptions: [group] })
  t.same((await one!.next('unsuback')).granted, [0])
  const publisher = await world.client(5, 'publisher')
  for (let i = 0; i < 4; i++) await publisher.publish('t')
  t.equal((await other!.messages()).length, 4)
  await one!.nothing()
})

scenario('names from the wire are only names', async (world, t) => {
  const one = await world.client(5, 'constructor')
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'g g', 'ü']
  for (const name of names) await one.subscribe(`$share/${name}/__proto__`)
  await one.publish('__proto__', 'x', { retain: true })
  t.equal((await one.messages()).length, names.length)
})

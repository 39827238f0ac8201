import {
  field,
  packet,
  properties,
  raw,
  rawConnect,
  rawPublish,
  rawSubscribe,
  userProperty
} from '../../spec-suite/protocol/bytes.js'
import { turn } from '../support/fake-clock.js'
import { scenario, scenarios, versions } from '../support/scenario.js'

const levels = (count: number) => Array(count).fill('x').join('/')

scenarios(
  versions,
  'a topic of 1024 levels passes, one of more is refused with 90',
  async ({ client, broker }, t, version) => {
    const one = await client(version, 'one')
    await one.subscribe('#')
    const deep = levels(1024)
    await one.publish(deep, 'x', { retain: true })
    t.equal((await one.next('publish')).topic, deep)
    for (const topic of [levels(1025), '/'.repeat(65_535), levels(30_000)]) {
      await one.publish(topic, 'x', { retain: true })
      await one.nothing()
      for (const qos of [1, 2] as const) {
        const code = await one.publish(topic, 'x', { retain: true, qos })
        t.equal(code, version === 5 ? 0x90 : 0)
      }
    }
    await one.nothing()
    t.equal(broker.stats().retained.messages, 1)
  }
)

scenario('5.0: a filter of more than 1024 levels is refused with 8f', async ({ client, broker }, t) => {
  const one = await client(5, 'one')
  const deep = [
    levels(1024),
    levels(1025),
    '/'.repeat(65_535),
    `${'+/'.repeat(32_000)}#`,
    `$share/g/${levels(2000)}`
  ]
  one.raw(
    rawSubscribe(
      5,
      deep.map(filter => [filter, 0])
    )
  )
  t.same((await one.next('suback')).granted, [0, 0x8f, 0x8f, 0x8f, 0x8f])
  t.equal(broker.stats().subscriptions, 1)
})

scenarios(versions, 'a will of too many levels refuses the CONNECT', async ({ peer }, t, version) => {
  const one = peer(version)
  const payload = raw(field('c'), version === 5 ? [0] : [], field('/'.repeat(2000)), field('bye'))
  one.raw(rawConnect(version, { flags: 0x26, payload }))
  t.equal(await one.ending(), version === 5 ? 'connack 90' : 'closed')
})

scenario('long topics that are published and gone keep no memory', async ({ client }, t) => {
  const one = await client(5, 'one')
  await one.subscribe('none')
  const before = process.memoryUsage().arrayBuffers
  for (let i = 0; i < 1500; i++) {
    one.raw(rawPublish(5, `${i}/${'x'.repeat(65_000)}`))
    if (i % 50 === 0) await turn()
  }
  await one.nothing()
  const grown = process.memoryUsage().arrayBuffers - before
  // Without a collection in between: of 1500 topics of 65 000 bytes some are still garbage.
  t.ok(grown < 90_000_000, `${grown} bytes`)
})

const names = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'prototype',
  '__defineGetter__',
  'then'
]

scenarios(versions, 'names of JavaScript are only names', async ({ client, broker }, t, version) => {
  for (const name of names) {
    const one = await client(
      version,
      name,
      version === 5 ? { clean: false, properties: { sessionExpiryInterval: 60 } } : { clean: false }
    )
    for (const filter of [name, `${name}/+`, `$share/${name}/${name}/#`]) {
      t.same((await one.subscribe(filter, { qos: 1 })).granted, [1])
    }
    await one.publish(name, 'x', { retain: true, qos: 0 })
    await one.publish(`${name}/${name}`, 'y')
    t.same((await one.payloads()).sort(), ['x', 'x', 'y', 'y'], name)
    await one.lost()
    const back = await client(version, name, { clean: false })
    await back.subscribe(name)
    t.same(await back.payloads(), ['x'])
  }
  t.equal(broker.stats().retained.messages, names.length)
  t.notOk('x' in {}, 'no prototype was touched')
})

scenario(
  '5.0: user properties, identifiers and aliases of such names arrive as they are',
  async ({ client }, t) => {
    const one = await client(5, 'one', { properties: { topicAliasMaximum: 5 } })
    await one.subscribe('#')
    const users = Buffer.concat(names.map(name => userProperty(name, name)))
    for (const name of names) one.raw(rawPublish(5, name, { properties: properties(users, [0x23, 0, 1]) }))
    const topics = new Map<number, string>()
    const seen = (await one.messages()).map(({ topic, properties: found }) => {
      const alias = found?.topicAlias ?? 0
      if (topic) topics.set(alias, topic.toString())
      return topic.toString() || topics.get(alias)
    })
    t.same(seen, names)
    t.equal(one.bytes.toString('latin1').split(users.toString('latin1')).length - 1, names.length)
  }
)

scenarios(
  versions,
  'a length that is never filled is not waited for with memory',
  async ({ client, peer, pass, broker }, t, version) => {
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 200; i++) {
      const one = await client(version, `c${i}`, { keepalive: 1 })
      one.raw(packet(0x30, field('t')).subarray(0, 1))
      one.raw([0xff, 0xff, 0xff, 0x07])
      one.raw([0x00])
    }
    const half = peer(version)
    half.raw([0x10, 0xff, 0xff, 0x03])
    t.ok(process.memoryUsage().arrayBuffers - before < 30_000_000)
    await pass(13)
    t.equal(broker.stack.connections.size, 0)
  }
)

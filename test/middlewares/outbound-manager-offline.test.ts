import t from 'tap'
import { message, texts, to } from '../support/messages.js'
import { backed, settled } from '../support/offline.js'
import { ack, hosted, ids } from '../support/outbound.js'

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `${from + i}`)

for (const late of [false, true]) {
  const how = late ? 'a turn late' : 'at once'

  t.test(`an offline session gets what was kept, in order, within its window; backend ${how}`, async t => {
    const { stack, outbound, session, disconnect, resume, dropped } = await hosted({}, {}, 300)
    backed(stack, late)
    disconnect()
    for (const payload of numbers(0, 20)) outbound.forwardMessage(to(session, message({ qos: 1, payload })))
    const again = await resume({ receiveMaximum: 3 })
    await settled()
    t.same(texts(again.published), numbers(0, 3))
    for (let id = 1; id <= 20; id++) {
      ack(outbound, again, 'puback', id)
      await settled(late ? 3 : 0)
    }
    t.same(texts(again.published), numbers(0, 20))
    t.same(dropped, [])
    const page = { items: [] }
    await stack.execute('lookupOfflineMessages', { clientId: 'c1', limit: 10 }, page)
    t.same(page.items, [], 'nothing is left in the backend')
  })

  t.test(
    `messages that come while a page is on its way are behind it and not forgotten; backend ${how}`,
    async t => {
      const { stack, outbound, session, disconnect, resume } = await hosted({}, {}, 300)
      backed(stack, late)
      disconnect()
      for (const payload of numbers(0, 3)) outbound.forwardMessage(to(session, message({ qos: 1, payload })))
      const again = await resume()
      outbound.forwardMessage(to(session, message({ qos: 1, payload: '3' })))
      await settled()
      outbound.forwardMessage(to(session, message({ qos: 1, payload: '4' })))
      await settled()
      t.same(texts(again.published), numbers(0, 5))
    }
  )

  t.test(
    `a connection that ends while a page is on its way leaves it for the next one; backend ${how}`,
    async t => {
      const { stack, outbound, session, disconnect, resume } = await hosted({}, {}, 300)
      backed(stack, late)
      disconnect()
      for (const payload of numbers(0, 5)) outbound.forwardMessage(to(session, message({ qos: 1, payload })))
      const first = await resume()
      disconnect()
      const second = await resume()
      await settled()
      t.same(texts(first.published), late ? [] : numbers(0, 5))
      t.same(texts(second.published), numbers(0, 5))
      t.same(new Set(second.published.map(({ dup }) => dup)), new Set([!late]))
      outbound.forwardMessage(to(session, message({ qos: 1, payload: 'live' })))
      await settled()
      t.equal(texts(second.published).at(-1), 'live')
    }
  )

  t.test(`what is in flight is stored before it leaves the queue; backend ${how}`, async t => {
    const { stack, outbound, session, disconnect, resume } = await hosted({}, {}, 300)
    backed(stack, late)
    disconnect()
    outbound.forwardMessage(to(session, message({ qos: 1 })))
    await resume()
    await settled()
    const order = stack.executed.map(({ name }) => name).filter(name => /store|remove/.test(name))
    t.same(order, ['storeOfflineMessage', 'storeInflight', 'removeOfflineMessages'])
  })

  t.test(`many pages are read one after the other; backend ${how}`, async t => {
    const { stack, outbound, session, disconnect, resume } = await hosted(
      { maximumInflight: 65_535 },
      {},
      300
    )
    backed(stack, late)
    disconnect()
    for (const payload of numbers(0, 1000)) outbound.forwardMessage(to(session, message({ qos: 1, payload })))
    const again = await resume()
    await settled(20)
    t.same(texts(again.published), numbers(0, 1000))
    const limits = stack.of('lookupOfflineMessages').map(({ limit }) => limit)
    t.same(limits, [256, 256, 256, 256])
  })
}

t.test('QoS 0 for an offline session is dropped and reported', async t => {
  const { outbound, session, disconnect, dropped } = await hosted({}, {}, 300)
  disconnect()
  outbound.forwardMessage(to(session, message({ qos: 0, payload: 'zero' })))
  const subscription = { qos: 0, identifiers: null } as const
  outbound.forwardMessage(to(session, message({ qos: 2, payload: 'granted 0' }), { subscription }))
  t.same(dropped, ['zero offline', 'granted 0 offline'])
})

t.test('a session that ends with its connection waits in memory, others in the backend', async t => {
  for (const expiry of [0, 300]) {
    const { stack, outbound, client, session } = await hosted({}, { receiveMaximum: 1 }, expiry)
    backed(stack)
    for (const payload of ['a', 'b']) outbound.forwardMessage(to(session, message({ qos: 1, payload })))
    t.equal(stack.of('storeOfflineMessage').length, expiry === 0 ? 0 : 1)
    ack(outbound, client, 'puback', 1)
    t.same(texts(client.published), ['a', 'b'])
  }
})

t.test('without an offline backend a session keeps its queue in memory', async t => {
  const { outbound, session, disconnect, resume } = await hosted({}, {}, 300)
  disconnect()
  for (const payload of ['a', 'b']) outbound.forwardMessage(to(session, message({ qos: 1, payload })))
  t.same(texts((await resume()).published), ['a', 'b'])
})

t.test('a queue takes so many messages and drops the newest', async t => {
  for (const stored of [false, true]) {
    const { stack, outbound, session, disconnect, resume, dropped } = await hosted(
      { maximumQueuedMessages: 2 },
      {},
      300
    )
    if (stored) backed(stack)
    disconnect()
    for (const payload of ['a', 'b', 'c']) outbound.forwardMessage(to(session, message({ qos: 1, payload })))
    t.same(dropped, ['c queue-full'])
    t.same(texts((await resume()).published), ['a', 'b'])
    disconnect()
    for (const payload of ['d', 'e']) outbound.forwardMessage(to(session, message({ qos: 1, payload })))
    t.equal(dropped.length, 1, 'room came back')
  }
})

t.test('a queue takes so many bytes, and what is taken out makes room', async t => {
  for (const stored of [false, true]) {
    const { stack, outbound, client, session, dropped } = await hosted(
      { maximumQueuedBytes: 10 },
      { receiveMaximum: 1 },
      300
    )
    if (stored) backed(stack)
    for (const payload of ['sent', '12345', '123456', '67890', '1']) {
      outbound.forwardMessage(to(session, message({ qos: 1, payload })))
    }
    t.same(dropped, ['123456 queue-full', '1 queue-full'])
    ack(outbound, client, 'puback', 1)
    outbound.forwardMessage(to(session, message({ qos: 1, payload: '12345' })))
    t.equal(dropped.length, 2)
  }
})

t.test('one that is told of a dropped message may publish to the same session', async t => {
  for (const late of [false, true]) {
    const { stack, outbound, session, disconnect, resume } = await hosted({}, {}, 300)
    backed(stack, late)
    disconnect()
    const packet = message({ qos: 1, payload: 'expires' })
    packet.expiresAt = stack.clock.now() + 1000
    outbound.forwardMessage(to(session, packet))
    stack.clock.advance(1000)
    stack.handlers.messageDropped = () => {
      outbound.forwardMessage(to(session, message({ qos: 1, payload: 'told' })))
    }
    const again = await resume()
    await settled()
    t.same(texts(again.published), ['told'])
  }
})

t.test('a backend that fails is reported, and asked again at the next occasion', async t => {
  for (const late of [false, true]) {
    const { stack, outbound, session, disconnect, resume } = await hosted({}, {}, 300)
    backed(stack)
    const errors: Error[] = []
    stack.on('error', err => errors.push(err))
    const { lookupOfflineMessages } = stack.handlers
    disconnect()
    outbound.forwardMessage(to(session, message({ qos: 1, payload: 'm' })))
    stack.handlers.lookupOfflineMessages = () => {
      if (late) return Promise.reject(new Error('no disk'))
      throw new Error('no disk')
    }
    const again = await resume()
    await settled()
    t.match(errors, [{ message: 'no disk' }])
    stack.handlers.lookupOfflineMessages = lookupOfflineMessages!
    outbound.clientDrained({ client: again.client })
    t.same(texts(again.published), ['m'])
    t.same(ids(again), [1])
  }
})

t.test('after a failure of the backend a session without any traffic gets what waits', async t => {
  for (const late of [false, true]) {
    const { stack, outbound, session, disconnect, resume } = await hosted({}, {}, 300)
    backed(stack)
    const errors: Error[] = []
    stack.on('error', err => errors.push(err))
    const { lookupOfflineMessages } = stack.handlers
    disconnect()
    outbound.forwardMessage(to(session, message({ qos: 1, payload: 'm' })))
    stack.handlers.lookupOfflineMessages = () => {
      if (late) return Promise.reject(new Error('no disk'))
      throw new Error('no disk')
    }
    const again = await resume()
    await settled()
    stack.clock.advance(1000)
    await settled()
    t.equal(errors.length, 2, 'asked again, and once only')
    stack.handlers.lookupOfflineMessages = lookupOfflineMessages!
    stack.clock.advance(1000)
    t.same(texts(again.published), ['m'])
  }
})

import t from 'tap'
import { DONE, type PublishPacket, Session as RemoteSession, type Session } from '../../lib/index.js'
import { LocalSubscriptions } from '../../middlewares/index.js'
import { turn } from '../support/fake-clock.js'
import { FakeStack } from '../support/fake-stack.js'
import { message, texts, to } from '../support/messages.js'

async function hosted() {
  const stack = new FakeStack({ subscribeTopic: () => {}, unsubscribeTopic: () => {} })
  const local = await stack.host(new LocalSubscriptions())
  const errors: string[] = []
  stack.on('error', err => errors.push(err.message))
  const sessions = (): Session[] => stack.of('subscribeTopic').map(({ session }) => session)
  return { stack, local, errors, sessions }
}

t.test('a function is subscribed like a session that is always there', async t => {
  const { stack, local } = await hosted()
  await local.add('a/#', () => {}, 1)
  const [{ client, session, subscription, restored }] = stack.of('subscribeTopic')
  t.equal(client, null)
  t.equal(restored, false)
  t.match(subscription, { topic: 'a/#', qos: 1, nl: false, rap: true })
  t.equal(session.ready, true)
})

t.test('each of several gets its own messages, and the chain ends there', async t => {
  const { local, sessions } = await hosted()
  const got: PublishPacket[][] = [[], []]
  await local.add('a', packet => got[0]!.push(packet))
  await local.add('a', packet => got[1]!.push(packet))
  const [one, two] = sessions()
  t.not(one!.id, two!.id)
  t.equal(local.forwardMessage(to(one!, message({ payload: '1' }))), DONE)
  t.equal(local.forwardMessage(to(two!, message({ payload: '2' }))), DONE)
  t.same(got.map(texts), [['1'], ['2']])
})

t.test('messages to clients go on to the next middleware', async t => {
  const { local } = await hosted()
  t.equal(local.forwardMessage(to(new RemoteSession('c1'), message())), undefined)
})

t.test('ending it unsubscribes once, and nothing comes afterwards', async t => {
  const { stack, local, sessions } = await hosted()
  let calls = 0
  const end = await local.add('a', () => calls++)
  await end()
  await end()
  t.match(stack.of('unsubscribeTopic'), [{ topic: 'a', client: null }])
  t.equal(stack.of('unsubscribeTopic').length, 1)
  t.equal(local.forwardMessage(to(sessions()[0]!, message())), DONE)
  t.equal(calls, 0)
})

t.test('a handler that throws or rejects is reported and harms nobody', async t => {
  const { local, errors, sessions } = await hosted()
  await local.add('a', () => {
    throw new Error('thrown')
  })
  await local.add('a', async () => {
    throw new Error('rejected')
  })
  for (const session of sessions()) t.equal(local.forwardMessage(to(session, message())), DONE)
  await turn()
  t.same(errors, ['thrown', 'rejected'])
})

t.test('a filter that is none is the programmer’s fault', async t => {
  const { stack, local } = await hosted()
  await t.rejects(
    local.add('a#', () => {}),
    /'a#' is no topic filter/
  )
  t.same(stack.of('subscribeTopic'), [])
})

import t from 'tap'
import type { Client } from '../../../lib/index.js'
import { Claims } from '../../../lib/session/claims.js'

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(name => ({ name }) as unknown as Client) as [
  Client,
  Client,
  Client,
  Client
]

/** Who has gone on, in order. */
function watch(claims: Claims) {
  const went: unknown[] = []
  const take = async (client: Client, id = 'id') => {
    await claims.take(client, id)
    went.push((client as unknown as { name: string }).name)
  }
  return { went, take }
}

const settle = () => new Promise(setImmediate)

t.test('the first one goes on at once, without a promise', t => {
  t.equal(new Claims().take(a, 'id'), undefined)
  t.end()
})

t.test('who has the id may ask again and does not wait for itself', t => {
  const claims = new Claims()
  claims.take(a, 'id')
  t.equal(claims.take(a, 'id'), undefined)
  t.end()
})

t.test('different ids do not wait for each other', t => {
  const claims = new Claims()
  claims.take(a, 'one')
  t.equal(claims.take(b, 'two'), undefined)
  t.end()
})

t.test('the others go on one at a time in the order they came', async t => {
  const claims = new Claims()
  const { went, take } = watch(claims)
  const all = [a, b, c, d]
  for (const client of all) take(client)
  for (const [i, client] of all.entries()) {
    await settle()
    t.same(went, ['a', 'b', 'c', 'd'].slice(0, i + 1))
    claims.release(client)
  }
})

t.test('one that leaves while it waits settles and keeps nobody waiting', async t => {
  const claims = new Claims()
  const { went, take } = watch(claims)
  for (const client of [a, b, c]) take(client)
  claims.release(b)
  await settle()
  t.same(went, ['a', 'b'], 'its promise has settled while the id still belongs to the first')
  claims.release(a)
  await settle()
  t.same(went, ['a', 'b', 'c'])
})

t.test('releasing what was never claimed, or twice, changes nothing', async t => {
  const claims = new Claims()
  const { went, take } = watch(claims)
  claims.release(a)
  take(a)
  take(b)
  claims.release(a)
  claims.release(a)
  take(c)
  await settle()
  t.same(went, ['a', 'b'])
})

t.test('the id is free again when all have released it', t => {
  const claims = new Claims()
  claims.take(a, 'id')
  claims.release(a)
  t.equal(claims.take(b, 'id'), undefined)
  t.end()
})

t.test('who claims another id gives its first one up', async t => {
  const claims = new Claims()
  const { went, take } = watch(claims)
  take(a, 'one')
  take(b, 'one')
  take(a, 'two')
  await settle()
  t.same(went, ['a', 'b', 'a'])
  t.ok(claims.take(c, 'two') instanceof Promise, 'and has the second')
})

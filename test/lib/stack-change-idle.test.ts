import t from 'tap'
import { type AnyMiddleware, Middleware, Stack } from '../../lib/index.js'

const one = (name: string, rest: object = {}): AnyMiddleware => ({ name, ...rest })
const order = (stack: Stack) => stack.middlewares.map(({ name }) => name).join(' ')

class Part extends Middleware {
  relayMessage() {}
}
class Other extends Middleware {
  relayMessage() {}
}
class Whole extends Middleware {
  override readonly parts = [new Part(), one('Tail')]
}

t.test('use() appends, insert() takes a place', async t => {
  const stack = new Stack()
  t.equal(stack.use(one('B'), one('C')), stack)
  stack.insert({ before: 'B' }, one('A')).insert({ after: 'B' }, one('B2'), one('B3')).use(one('D'))
  t.equal(order(stack), 'A B B2 B3 C D')
})

t.test('replace() keeps the place and remove() gives it up', async t => {
  const stack = new Stack().use(one('A'), one('B'), one('C'))
  t.equal(await stack.replace('B', one('X')), stack)
  t.equal(order(stack), 'A X C')
  t.equal(await stack.remove('A'), stack)
  t.equal(order(stack), 'X C')
  await t.rejects(stack.replace('B', one('Y')), {
    code: 'STACK_INVALID_MIDDLEWARE',
    message: /no middleware is named 'B': there are X, C/
  })
  await t.rejects(stack.remove('B'), /no middleware is named 'B'/)
  t.equal(order(stack), 'X C')
})

t.test('parts of a composite take its place', async t => {
  const stack = new Stack().use(one('A'), new Whole(), one('Z'))
  t.equal(order(stack), 'A Whole Part Tail Z')
  for (const { middleware } of stack.middlewares) t.equal(middleware.stack, stack)
  stack.insert({ after: 'Whole' }, one('Y'))
  t.equal(order(stack), 'A Whole Part Tail Y Z')
  t.throws(() => stack.insert({ after: 'Part' }, one('P')), /'Part' is part of a composite/)
  await stack.remove('Whole')
  t.equal(order(stack), 'A Y Z')
})

t.test('a part can be replaced, again, and removed', async t => {
  const stack = new Stack().use(one('A'), new Whole(), one('Z'))
  await stack.replace('Part', new Other())
  t.equal(order(stack), 'A Whole Other Tail Z')
  await stack.replace('Other', one('Third'))
  t.equal(order(stack), 'A Whole Third Tail Z')
  await stack.remove('Third')
  t.equal(order(stack), 'A Whole Tail Z')
  await stack.replace('A', new Part())
  t.equal(order(stack), 'Part Whole Tail Z')
})

t.test('explain() shows what has been used, before it starts', t => {
  const stack = new Stack().use(one('A', { publish() {} }))
  t.match(stack.explain(), 'publish: A')
  stack.use(one('B', { publish() {} }))
  t.match(stack.explain(), 'publish: A › B')
  t.end()
})

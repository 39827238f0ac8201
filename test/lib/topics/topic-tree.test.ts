import t from 'tap'
import { TopicTree } from '../../../lib/topics/index.js'

function planted(...topics: string[]) {
  const tree = new TopicTree<string>()
  for (const topic of topics) tree.set(topic, `value of ${topic}`)
  return tree
}

const found = (tree: TopicTree<unknown>, filter: string) =>
  [...tree.match(filter)].map(([topic]) => topic).sort()

t.test('a map from topic to value', async t => {
  const tree = new TopicTree<string | undefined>()
  t.equal(tree.set('a/b', 'one'), undefined)
  t.equal(tree.set('a/b', 'two'), 'one')
  t.equal(tree.get('a/b'), 'two')
  t.equal(tree.get('a'), undefined, 'a node without a topic')
  t.equal(tree.get('x'), undefined)
  t.equal(tree.size, 1)
  t.equal(tree.delete('a'), undefined)
  t.equal(tree.delete('a/b'), 'two')
  t.equal(tree.delete('a/b'), undefined)
  t.equal(tree.size, 0)
  t.strictSame(found(tree, '#'), [])
  tree.set('u', undefined)
  t.strictSame([...tree.match('+')], [['u', undefined]])
})

t.test('[5.0 MQTT-4.7.1-1] [5.0 MQTT-4.7.1-2] [5.0 MQTT-4.7.3-4] lookup by filter', async t => {
  const tree = planted('a', 'a/', 'a/b', 'a/b/c', '/', '/a', 'b', 'B', 'a/c/c')
  const cases: Array<[filter: string, topics: string[]]> = [
    ['a', ['a']],
    ['x', []],
    ['a/#', ['a', 'a/', 'a/b', 'a/b/c', 'a/c/c']],
    ['a/b/#', ['a/b', 'a/b/c']],
    ['a/+', ['a/', 'a/b']],
    ['a/+/c', ['a/b/c', 'a/c/c']],
    ['+/b/+', ['a/b/c']],
    ['+', ['B', 'a', 'b']],
    ['+/+', ['/', '/a', 'a/', 'a/b']],
    ['/+', ['/', '/a']],
    ['#', ['/', '/a', 'B', 'a', 'a/', 'a/b', 'a/b/c', 'a/c/c', 'b']],
    ['+/#', ['/', '/a', 'B', 'a', 'a/', 'a/b', 'a/b/c', 'a/c/c', 'b']],
    ['x/#', []],
    ['a/x/+', []]
  ]
  for (const [filter, topics] of cases) t.strictSame(found(tree, filter), topics, filter)
})

t.test('[5.0 MQTT-4.7.2-1] wildcards in the first level pass over $ topics', async t => {
  const tree = planted('$SYS/a', '$SYS', 'a/$b', 'a')
  t.strictSame(found(tree, '#'), ['a', 'a/$b'])
  t.strictSame(found(tree, '+/#'), ['a', 'a/$b'])
  t.strictSame(found(tree, '+/a'), [])
  t.strictSame(found(tree, '$SYS/#'), ['$SYS', '$SYS/a'])
  t.strictSame(found(tree, '$SYS/+'), ['$SYS/a'])
  t.strictSame(found(tree, 'a/+'), ['a/$b'])
})

t.test('names that are special in JavaScript are ordinary', async t => {
  const tree = planted('__proto__', '__proto__/constructor', 'constructor')
  t.equal(tree.get('toString'), undefined)
  t.strictSame(found(tree, '__proto__/#'), ['__proto__', '__proto__/constructor'])
  t.strictSame(found(tree, '+/+'), ['__proto__/constructor'])
})

t.test('tens of thousands of levels', async t => {
  const deep = '/'.repeat(65_535)
  const named = `${'a/'.repeat(10_000)}a`
  const tree = planted(deep, named, `${named}/b`)
  t.strictSame(found(tree, '#'), [deep, named, `${named}/b`].sort())
  t.strictSame(found(tree, `${'+/'.repeat(10_000)}+`), [named])
  t.strictSame(found(tree, `${'+/'.repeat(10_000)}#`), [deep, named, `${named}/b`].sort())
  t.strictSame(found(tree, `${'a/'.repeat(10_000)}+`), [named])
  t.ok(tree.delete(deep))
  t.ok(tree.delete(named))
  t.strictSame(found(tree, '#'), [`${named}/b`])
})

t.test('all plus over a full tree visits each node once', async t => {
  const tree = new TopicTree<number>()
  for (let i = 0; i < 4096; i++) tree.set(i.toString(2).padStart(12, '0').split('').join('/'), i)
  t.equal(found(tree, Array(12).fill('+').join('/')).length, 4096)
  t.equal(found(tree, Array(13).fill('+').join('/')).length, 0)
  t.equal(found(tree, `${'+/'.repeat(11)}1`).length, 2048)
})

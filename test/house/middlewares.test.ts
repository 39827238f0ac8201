import t from 'tap'
import { builtInCallbacks } from '../../lib/index.js'
import { callbackFields } from '../support/callback-types.js'
import { middlewareFacts, namesAfter } from '../support/middleware-facts.js'
import { sources } from '../support/sources.js'

const facts = middlewareFacts()

t.test('the comment of a middleware names the callbacks that it handles and executes', t => {
  t.ok(facts.length >= 20, 'there is something to look at')
  for (const { name, comment, handles, executes } of facts) {
    t.same(namesAfter(comment, 'Handles').sort(), [...handles].sort(), `${name} handles`)
    const named = [...namesAfter(comment, 'Requires'), ...namesAfter(comment, 'Executes')]
    t.same(named.sort(), [...executes].sort(), `${name} executes`)
  }
  t.end()
})

t.test('a middleware declares what its code executes, and nothing else', t => {
  const session = sources('lib/session').map(({ text }) => text)
  for (const { name, path, text, executes } of facts) {
    const calls = [...text.matchAll(/\.(?:execute|chain|handles)\(\s*'(\w+)'/g)].map(
      ([, callback]) => callback!
    )
    if (text.includes('stack.publish(')) calls.push('relayMessage', 'messagePublished')
    t.same(
      calls.filter(callback => !executes.includes(callback)),
      [],
      `${path} declares what it executes`
    )
    // Some have parts of their work in lib/session.
    const rest = [text.replace(/\[[^\]]*\] as const/g, ''), ...session].join('\n')
    const idle = executes.filter(callback => !calls.includes(callback) && !rest.includes(`'${callback}'`))
    t.same(idle, [], `${name} executes what it declares`)
  }
  t.end()
})

t.test('the list of built-in callbacks has every one of the map, once', t => {
  t.same([...builtInCallbacks].sort(), [...callbackFields().keys()].sort())
  t.end()
})

t.test('names in after and before are names of middlewares', t => {
  const names = facts.map(({ name }) => name)
  for (const { name, instance } of facts) {
    const others = [...(instance.after ?? []), ...(instance.before ?? [])]
    t.same(
      others.filter(other => !names.includes(other)),
      [],
      name
    )
  }
  t.end()
})

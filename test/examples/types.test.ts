import { join } from 'node:path'
import t from 'tap'
import { readmeSnippets } from '../support/readme.js'
import { root } from '../support/sources.js'
import { typeErrors } from '../support/type-check.js'

t.test('the examples and the snippets of the README are well typed, with the package as it is built', t => {
  const snippets = readmeSnippets('js', 'ts')
  t.ok(snippets.length >= 5, 'there is something to check')
  const wrong = "import { createBroker } from 'stackmq'\ncreateBroker().use({ relayMesage() {} }).lisen()\n"
  const files = new Map([
    [join(root, 'wrong.mts'), wrong],
    ...snippets.map(
      ({ line, language, code }) =>
        [join(root, `README-${line}.m${language}`), `${code}\nexport {}\n`] as const
    )
  ])
  const errors = typeErrors(files)
  t.match(
    errors.filter(text => text.startsWith('wrong.mts')),
    [/:2 .*'relayMesage' does not exist/, /:2 .*'lisen' does not exist/],
    'the compiler looks at them, and knows the names of callbacks'
  )
  t.same(
    errors.filter(text => !text.startsWith('wrong.mts')),
    []
  )
  t.end()
})

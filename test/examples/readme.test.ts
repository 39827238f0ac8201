import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { readmeSnippets } from '../support/readme.js'

const run = promisify(execFile)

t.test('every JavaScript snippet of the README runs, in a process of its own', async t => {
  const snippets = readmeSnippets('js')
  t.ok(snippets.length >= 3, 'there is something to run')
  for (const { line, code } of snippets) {
    // On ports that are free. Below the repository, so that 'stackmq' is this package.
    const folder = t.testdir({ [`line-${line}.mjs`]: code.replace(/\b(1883|8083)\b/g, '0') })
    const file = pathToFileURL(join(folder, `line-${line}.mjs`)).href
    const script = `await import('${file}'); process.exit(0)`
    const { stderr } = await run(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, NODE_OPTIONS: '' }
    })
    t.equal(stderr, '', `line ${line}`)
  }
})

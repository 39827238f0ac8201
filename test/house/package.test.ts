import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readText, root } from '../support/sources.js'

interface Manifest {
  type: string
  license: string
  bin: Record<string, string>
  exports: Record<string, string | { types: string; default: string }>
  engines: { node: string }
  scripts: Record<string, string>
}
const manifest = JSON.parse(readText('package.json')) as Manifest

t.test('every entry of the package is there after a build, with its types', async t => {
  for (const [name, entry] of Object.entries(manifest.exports)) {
    const targets = typeof entry === 'string' ? [entry] : Object.values(entry)
    t.same(
      targets.filter(target => !existsSync(join(root, target))),
      [],
      name
    )
  }
  t.ok(existsSync(join(root, manifest.bin.stackmq!)), 'the command')
  t.match(readText(manifest.bin.stackmq!), /^#!\/usr\/bin\/env node\n/)
  const entries = Object.keys(manifest.exports).filter(name => !name.endsWith('.json'))
  const loaded = await Promise.all(entries.map(name => import(name.replace('.', 'stackmq'))))
  t.same(
    loaded.map(entry => Object.keys(entry).length > 0),
    entries.map(() => true)
  )
  const wanted = ['createBroker', 'Stack', 'Middleware', 'MqttError', 'Slot', 'DONE']
  t.same(
    wanted.filter(name => !(name in loaded[0])),
    []
  )
})

t.test('the folders at the top are those of the design', t => {
  const rooms = readdirSync(root, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && !/^(\.|node_modules$|dist$|coverage$)/.test(entry.name))
    .map(({ name }) => name)
  t.same(rooms.sort(), ['bench', 'examples', 'lib', 'middlewares', 'spec-suite', 'test'])
  t.end()
})

t.test('the two commands of the README exist', t => {
  t.match(readText('README.md'), 'npm ci && npm start')
  t.ok(manifest.scripts.start && manifest.scripts.test && manifest.scripts.prepare)
  t.end()
})

t.test('links of the documents lead to files and headings that exist', t => {
  for (const document of ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md']) {
    const text = readText(document)
    const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(
      ([, heading]) =>
        `#${heading!
          .toLowerCase()
          .replace(/[^\w\- ]/g, '')
          .replaceAll(' ', '-')}`
    )
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => target!)
      .filter(target => !/^https?:/.test(target))
      .filter(target =>
        target.startsWith('#') ? !anchors.includes(target) : !existsSync(join(root, target))
      )
    t.same(broken, [], document)
  }
  t.end()
})

t.test('every example has its place in the README', t => {
  const listed = [...readText('README.md').matchAll(/\(examples\/([\w-]+\.mjs)\)/g)].map(([, name]) => name!)
  const files = readdirSync(join(root, 'examples')).filter(name => name.endsWith('.mjs'))
  t.same([...new Set(listed)].sort(), files.sort())
  t.end()
})

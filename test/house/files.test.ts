import t from 'tap'
import { linesOf, type SourceFile, sources } from '../support/sources.js'

const own = sources('lib', 'middlewares')
const all = [...own, ...sources('spec-suite', 'test', 'bench')]
const where = (files: SourceFile[], pattern: RegExp) =>
  files.filter(({ text }) => pattern.test(text)).map(({ path }) => path)
const longer = (files: SourceFile[], limit: number) =>
  files.filter(file => linesOf(file) > limit).map(file => `${file.path} has ${linesOf(file)} lines`)

t.test('no file has more than 400 lines, and half of the source files have at most 100', t => {
  t.ok(own.length > 50, 'there is something to measure')
  t.same(longer(all, 400), [])
  const sizes = own.map(linesOf).sort((a, b) => a - b)
  t.ok(sizes[Math.floor(sizes.length / 2)]! <= 100, `the median is ${sizes[Math.floor(sizes.length / 2)]}`)
  t.end()
})

t.test('an example has at most 40 lines', t => {
  const examples = sources('examples')
  t.ok(examples.length >= 10)
  t.same(longer(examples, 40), [])
  const replacing = examples.find(({ path }) => path === 'examples/replace-middleware.mjs')!
  t.ok(linesOf(replacing) <= 20, 'and replacing a middleware takes 20')
  t.end()
})

t.test('files are kebab-case and named after what they do', t => {
  const paths = [...all, ...sources('examples')].map(({ path }) => path)
  t.same(
    paths.filter(path => !/^[a-z0-9-]+(\/[a-z0-9-]+)*(\.test|\.d)?\.(ts|mjs)$/.test(path)),
    []
  )
  t.same(
    paths.filter(path => /(^|\/)(utils?|helpers?|misc|common)\./.test(path)),
    []
  )
  t.end()
})

t.test('nothing is exported as a default', t => {
  t.same(where(all, /^export default|export \{[^}]*\bas default\b/m), [])
  t.end()
})

t.test('two brokers of one process share nothing: no module of lib or middlewares has state', t => {
  t.same(where(own, /^(export )?(let|var) /m), [])
  // Collections at the top are constants: tables that are filled where they are made.
  const collection = /^(?:export )?const (\w+)[^=\n]*= new (?:Map|Set|WeakMap|WeakSet)\b/gm
  const changing = own.flatMap(({ path, text }) =>
    [...text.matchAll(collection)]
      .filter(([, name]) => new RegExp(`\\b${name}\\.(set|add|delete|clear)\\(`).test(text))
      .map(([, name]) => `${path} changes ${name}`)
  )
  t.same(changing, [])
  t.end()
})

t.test('time and randomness come from the stack', t => {
  // Listeners and the command live in the real world.
  const files = own.filter(({ path }) => !/^lib\/(clock\.ts|stack-options\.ts|listeners\/|cli\/)/.test(path))
  const globals =
    /\b(Date\.now|setTimeout|setInterval|setImmediate|performance\.now|Math\.random)\b\s*\(|new Date\(\)/
  t.same(where(files, globals), [])
  t.end()
})

t.test('lib and middlewares do not print; the command may', t => {
  const files = own.filter(({ path }) => !path.startsWith('lib/cli/'))
  t.same(where(files, /\bconsole\.|process\.std(out|err)/), [])
  t.end()
})

t.test('no test is switched off', t => {
  t.same(where(sources('test'), /\.(skip|only|todo)\(|\b(skip|todo|only): true/), [])
  t.end()
})

import { dirname, join } from 'node:path/posix'
import t from 'tap'
import { type SourceFile, sources } from '../support/sources.js'

/** What a file imports of this repository, type imports and re-exports included, as paths from its root. */
function importsOf({ path, text }: SourceFile): string[] {
  const wanted = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g
  return [...text.matchAll(wanted)].map(([, target]) => join(dirname(path), target!).replace(/\.js$/, '.ts'))
}

/** `middlewares/memory-backend/inflight.ts` belongs to `memory-backend`. */
const middlewareOf = (path: string) => path.split('/')[1]!.replace(/\.ts$/, '')

t.test('what a file imports is found in all its forms', t => {
  const text =
    "import type { A } from '../a.js'\nexport * from './b.js'\nimport './c.js'\nawait import('./d.js')\n"
  const found = importsOf({
    path: 'lib/x/y.ts',
    text: `${text}import {\n  B\n} from '../../middlewares/e.js'`
  })
  t.same(found, ['lib/a.ts', 'lib/x/b.ts', 'lib/x/c.ts', 'lib/x/d.ts', 'middlewares/e.ts'])
  t.end()
})

t.test('lib knows no middleware, the ready composition excepted; the command has the suites besides', t => {
  const files = sources('lib').filter(({ path }) => !/^lib\/(broker|cli)\//.test(path))
  t.ok(files.length > 50, 'there is something to look at')
  const foreign = files.flatMap(file =>
    importsOf(file)
      .filter(path => !path.startsWith('lib/'))
      .map(path => `${file.path} imports ${path}`)
  )
  t.same(foreign, [])
  const command = sources('lib/cli').flatMap(file => importsOf(file))
  t.ok(command.length > 50)
  t.same(
    command.filter(path => path.startsWith('middlewares/')),
    []
  )
  t.end()
})

t.test('a middleware imports lib and, as a part, its siblings, but no other middleware', t => {
  const files = sources('middlewares').filter(({ path }) => path !== 'middlewares/index.ts')
  t.ok(files.length > 10, 'there is something to look at')
  const allowed = (file: SourceFile, path: string) =>
    path.startsWith('middlewares/')
      ? middlewareOf(path) === middlewareOf(file.path)
      : path.startsWith('lib/') && !path.startsWith('lib/broker/')
  const foreign = files.flatMap(file =>
    importsOf(file)
      .filter(path => !allowed(file, path))
      .map(path => `${file.path} imports ${path}`)
  )
  t.same(foreign, [])
  t.end()
})

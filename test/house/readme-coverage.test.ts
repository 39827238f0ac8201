import t from 'tap'
import { chapterCoverage } from '../../spec-suite/protocol/coverage.js'
import { chapterTitles } from '../../spec-suite/protocol/statements/index.js'
import type { Version } from '../../spec-suite/protocol/version.js'
import { sectionOf } from '../support/readme.js'

t.test('the README has the coverage of the conformance suite as it is', t => {
  const all = chapterCoverage()
  const cells = (version: Version, chapters: readonly number[]) => {
    const own = all.filter(one => one.version === version && chapters.includes(one.chapter))
    const sum = (what: 'testable' | 'exercised') => own.reduce((total, one) => total + one[what], 0)
    return own.length === 0 ? ' | ' : `${sum('testable')} | ${sum('exercised')}`
  }
  const chapters = Object.keys(chapterTitles).map(Number)
  const row = (title: string, ...own: number[]) =>
    `| ${title} | ${cells('3.1.1', own)} | ${cells('5.0', own)} |`.replaceAll(/ {2,}/g, ' ')
  const wanted = [...chapters.map(one => row(`${one} ${chapterTitles[one]}`, one)), row('all', ...chapters)]
  const found = sectionOf('Conformance').split('\n')
  for (const line of wanted) t.ok(found.includes(line), line)
  t.end()
})

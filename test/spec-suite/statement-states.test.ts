import t from 'tap'
import { chapterResults, statementResults } from '../../spec-suite/protocol/statement-states.js'
import { failed, result, smallReport } from '../support/suite-report.js'

function states(report = smallReport()) {
  const all = statementResults(report)
  return (version: string, id: string) =>
    all.find(({ statement }) => statement.version === version && statement.id === id)?.state
}

t.test('a statement is judged by its cases', async t => {
  const of = states()
  t.equal(of('5.0', '3.8.4-8'), 'passed')
  t.equal(of('5.0', '3.8.4-5'), 'failed')
  t.equal(of('5.0', '1.5.4-2'), 'failed', 'a case about something else saw it broken')
  t.equal(of('5.0', '3.8.4-6'), 'unproved', 'its case failed before it came to it')
  t.equal(of('3.1.1', '3.8.4-6'), 'passed', 'versions do not mix')
  t.equal(of('5.0', '4.8.2-1'), 'skipped')
  t.equal(of('5.0', '3.8.3-1'), 'known failure')
  t.equal(of('5.0', '3.8.3-2'), 'passed')
  t.equal(of('5.0', '4.6.0-2'), 'unproved')
})

t.test('one failure outweighs passes, and a pass outweighs a skip', async t => {
  const of = states(
    smallReport({
      results: [
        result('5.0:a', ['3.8.4-8', '3.8.4-5'], 'passed'),
        result('5.0:b', ['3.8.4-8'], 'failed', { failure: failed(['3.8.4-8']) }),
        result('5.0:c', ['3.8.4-5'], 'skipped')
      ]
    })
  )
  t.equal(of('5.0', '3.8.4-8'), 'failed')
  t.equal(of('5.0', '3.8.4-5'), 'passed')
})

t.test('chapters count every statement of the versions once', async t => {
  const chapters = chapterResults(smallReport())
  const sum = (version: string) =>
    chapters
      .filter(one => one.version === version)
      .flatMap(({ counts }) => Object.values(counts))
      .reduce((a, b) => a + b)
  t.equal(sum('5.0'), 251)
  t.equal(sum('3.1.1'), 141)
  const three = chapters.find(({ version, chapter }) => version === '5.0' && chapter === 3)!
  t.match(three.counts, { passed: 2, failed: 1, 'known failure': 1, skipped: 0 })
})

t.test('with chosen cases, only their statements are told', async t => {
  const ids = statementResults(smallReport({ only: ['3.8.4-8'], versions: ['5.0'] })).map(
    one => one.statement.id
  )
  t.same(ids.sort(), ['1.5.4-2', '3.8.3-1', '3.8.3-2', '3.8.4-5', '3.8.4-6', '3.8.4-8', '4.8.2-1'])
})

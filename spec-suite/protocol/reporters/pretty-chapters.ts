import type { SuiteReport } from '../result.js'
import { type ChapterResult, chapterResults, countStates, statementStates } from '../statement-states.js'
import { chapterTitles } from '../statements/index.js'
import type { Color, Paint } from './paint.js'

const colors: Readonly<Record<string, Color>> = {
  ...{ passed: 'green', failed: 'red', 'known failure': 'yellow', skipped: 'cyan', unproved: 'dim' }
}
const heads = {
  passed: 'passed',
  failed: 'failed',
  'known failure': 'known',
  skipped: 'skipped',
  unproved: 'unproved'
}
const first = 40
const column = 9

/** How many statements of each chapter hold. */
export function chapterTable(report: SuiteReport, paint: Paint): string[] {
  const chapters = chapterResults(report)
  const head = statementStates.map(state => heads[state].padStart(column)).join('')
  return report.versions.flatMap(version => {
    const own = chapters.filter(one => one.version === version)
    if (own.length === 0) return []
    const all = countStates(own.flatMap(({ statements }) => statements))
    return [
      ...['', paint('bold', `MQTT ${version}`.padEnd(first)) + paint('dim', head)],
      ...own.map(one => row(`  ${one.chapter} ${chapterTitles[one.chapter] ?? ''}`, one.counts, paint)),
      row('  all statements', all, paint)
    ]
  })
}

function row(title: string, counts: ChapterResult['counts'], paint: Paint): string {
  const cells = statementStates.map(state => {
    const text = `${counts[state] || '–'}`.padStart(column)
    return paint(counts[state] === 0 ? 'dim' : colors[state]!, text)
  })
  return title.padEnd(first) + cells.join('')
}

import { suiteCases } from '../../../spec-suite/protocol/cases/index.js'
import { chapterCoverage, statementCoverage } from '../../../spec-suite/protocol/coverage.js'
import type { SuiteOptions } from '../../../spec-suite/protocol/run.js'
import { selected } from '../../../spec-suite/protocol/select.js'
import { chapterTitles, type Statement } from '../../../spec-suite/protocol/statements/index.js'
import { versions as allVersions } from '../../../spec-suite/protocol/version.js'
import { wrapped } from '../help-text.js'

/** `stackmq spec --list`: a line for each case. */
export function caseList({ only, versions = allVersions }: Pick<SuiteOptions, 'only' | 'versions'>): string {
  const cases = selected(suiteCases, only).filter(({ version }) => versions.includes(version))
  const width = Math.max(...cases.map(({ id }) => id.length))
  return cases
    .map(({ id, title, proves }) => `${id.padEnd(width)}  ${title} [${proves.map(mqtt).join(', ')}]\n`)
    .join('')
}

/** `stackmq spec --coverage`: what the suite is about, and what nobody can test. */
export function coverageText(): string {
  const all = statementCoverage()
  const untestable = all.filter(({ statement }) => statement.reason !== '')
  const open = all.filter(({ statement, cases }) => statement.reason === '' && cases.length === 0)
  return [
    ...['Statements of the specification, and how many of them the suite is about', ...table()],
    ...['', 'testable    a client can see whether a broker keeps to it', 'exercised   a case proves it'],
    'untestable  it binds the client, or nobody can see it from outside',
    ...section(
      'No case can prove these',
      untestable.map(({ statement }) => entry(statement, statement.reason))
    ),
    ...section(
      'No case proves these yet',
      open.map(({ statement }) => entry(statement, ''))
    ),
    ''
  ].join('\n')
}

function table(): string[] {
  const rows = chapterCoverage()
  const columns = ['statements', 'testable', 'exercised', 'untestable'] as const
  return allVersions.flatMap(version => {
    const own = rows.filter(one => one.version === version)
    const sum = (column: (typeof columns)[number]) => own.reduce((total, one) => total + one[column], 0)
    const line = (title: string, cells: ReadonlyArray<string | number>) =>
      title.padEnd(40) + cells.map(cell => `${cell}`.padStart(12)).join('')
    return [
      ...['', line(`MQTT ${version}`, columns)],
      ...own.map(one =>
        line(
          `  ${one.chapter} ${chapterTitles[one.chapter] ?? ''}`,
          columns.map(name => one[name])
        )
      ),
      line('  all', columns.map(sum))
    ]
  })
}

function section(title: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : ['', title, ...entries]
}

function entry({ version, id, text }: Statement, reason: string): string {
  const lines = [...wrapped(text, 84), ...(reason ? wrapped(`(${reason})`, 84) : [])]
  const name = `  ${version} ${mqtt(id)}`.padEnd(22)
  return lines.map((line, i) => (i === 0 ? name : ' '.repeat(22)) + line).join('\n')
}

function mqtt(id: string): string {
  return `MQTT-${id}`
}

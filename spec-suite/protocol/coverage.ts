import { suiteCases } from './cases/index.js'
import { chapterOf, type Statement, statements } from './statements/index.js'
import { type Version, versions } from './version.js'

/** A statement, and the cases that prove it. */
export interface StatementCoverage {
  readonly statement: Statement
  /** Ids of cases. */
  readonly cases: readonly string[]
}

/** How many statements of a chapter the suite is about. */
export interface ChapterCoverage {
  readonly version: Version
  readonly chapter: number
  readonly statements: number
  /** Those that can be seen by a client that looks at a broker from outside. */
  readonly testable: number
  /** Those that a case proves. */
  readonly exercised: number
  /** Those that no case can prove: they bind the client, or what nobody sees. `statements` minus `testable`. */
  readonly untestable: number
}

/** Every statement with its cases, in the order of the specification. */
export function statementCoverage(): StatementCoverage[] {
  return statements.map(statement => ({
    statement,
    cases: suiteCases
      .filter(({ version, proves }) => version === statement.version && proves.includes(statement.id))
      .map(({ id }) => id)
  }))
}

/** The same, counted by chapter and version. */
export function chapterCoverage(): ChapterCoverage[] {
  const all = statementCoverage()
  const chapters = [...new Set(statements.map(({ id }) => chapterOf(id)))].sort((a, b) => a - b)
  return versions
    .flatMap(version => chapters.map(chapter => ({ version, chapter })))
    .map(({ version, chapter }) => {
      const own = all.filter(
        ({ statement }) => statement.version === version && chapterOf(statement.id) === chapter
      )
      const untestable = own.filter(({ statement }) => statement.reason !== '').length
      const exercised = own.filter(({ cases }) => cases.length > 0).length
      const count = own.length
      return { version, chapter, statements: count, testable: count - untestable, exercised, untestable }
    })
    .filter(({ statements }) => statements > 0)
}

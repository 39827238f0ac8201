import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** How much of a file the tests ran. */
export interface Covered {
  readonly path: string
  readonly lines: number
  readonly covered: number
}

type Summary = Record<string, { lines: { total: number; covered: number } }>

/**
 * The coverage of the rooms, from tap's json-summary. A file that no test loaded is not in it: it counts with all of
 * its lines, unless it has types only.
 */
export function coverageOf(summary: Summary, root: string, rooms: readonly string[]): Covered[] {
  const sources = rooms.flatMap(room =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => `${room}/${name.replaceAll('\\', '/')}`)
  )
  return sources.flatMap(path => {
    const found = summary[join(root, path)]
    if (found) return [{ path, lines: found.lines.total, covered: found.lines.covered }]
    const text = readFileSync(join(root, path), 'utf8')
    return hasTypesOnly(text) ? [] : [{ path, lines: text.split('\n').length - 1, covered: 0 }]
  })
}

function hasTypesOnly(text: string): boolean {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true, removeComments: true }
  })
  return /^(export \{\};?\s*)?$/.test(outputText)
}

/** Percent, rounded down to two places: 94.999 is not 95. */
export function percent(files: readonly Covered[]): number {
  const [lines, covered] = [sum(files, 'lines'), sum(files, 'covered')]
  return lines === 0 ? 100 : Math.floor((covered / lines) * 10_000) / 100
}

/** The files with the most lines that no test ran, worst first. */
export function worst(files: readonly Covered[], count: number): string[] {
  return files
    .filter(({ lines, covered }) => covered < lines)
    .sort((a, b) => b.lines - b.covered - (a.lines - a.covered))
    .slice(0, count)
    .map(
      file => `${percent([file]).toFixed(2).padStart(8)} %  ${file.path} (${file.lines - file.covered} lines)`
    )
}

function sum(files: readonly Covered[], of: 'lines' | 'covered'): number {
  return files.reduce((total, file) => total + file[of], 0)
}

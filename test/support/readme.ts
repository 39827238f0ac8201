import { readText } from './sources.js'

export type Row = Readonly<Record<string, string>>

/** The table under a heading of the README: rows by the titles of their columns, without code marks. */
export function readmeTable(heading: string): Row[] {
  const lines = sectionOf(heading).split('\n')
  const at = lines.findIndex(line => line.startsWith('|'))
  const table = lines.slice(at).slice(
    0,
    lines.slice(at).findIndex(line => !line.startsWith('|'))
  )
  const [head = [], , ...rows] = table.map(cellsOf)
  return rows.map(cells => Object.fromEntries(head.map((title, i) => [title, cells[i] ?? ''])))
}

/** A section with what is below it, up to the next heading of any level. */
export function sectionOf(heading: string): string {
  const text = readText('README.md')
  const at = text.search(new RegExp(`^#+ ${heading}$`, 'm'))
  if (at === -1) throw new Error(`README.md has no heading '${heading}'`)
  const rest = text.slice(text.indexOf('\n', at))
  const end = rest.search(/^#+ /m)
  return `${end === -1 ? rest : rest.slice(0, end)}\n\n`
}

function cellsOf(line: string): string[] {
  const cells = line.replaceAll('\\|', '\0').split('|').slice(1, -1)
  return cells.map(cell => cell.replaceAll('\0', '|').replaceAll('`', '').trim())
}

/** Blocks of code with their language, in order. */
export function readmeSnippets(
  ...languages: string[]
): Array<{ line: number; language: string; code: string }> {
  const text = readText('README.md')
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, language]) => languages.includes(language!))
    .map(match => ({
      line: text.slice(0, match.index).split('\n').length + 1,
      language: match[1]!,
      code: match[2]!
    }))
}

import type { Figures } from './measure.js'

const heads = ['case', 'CPU ns', 'heap bytes', 'buffer bytes', 'bytes kept']

/** Figures as a table in Markdown, for each operation or entry. */
export function tableOf(all: readonly Figures[]): string {
  const rows = all.map(({ name, ns, allocated, kept }) => [
    name,
    number(ns),
    number(allocated?.heap),
    number(allocated?.external),
    number(kept)
  ])
  const lines = [heads, heads.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
  return lines.map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

/** Three digits that count; a dash where nothing was measured. */
function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  if (Math.abs(value) >= 100) return String(Math.round(value))
  return Math.abs(value) < 0.1 ? '0' : String(Number(value.toPrecision(3)))
}

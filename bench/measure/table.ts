import type { Comparison } from './compare.js'
import type { Measured } from './measure.js'

type Quantity = 'cpu' | 'memory'

/** A row of the table: what a scenario cost each broker, in CPU or in memory. */
interface Row {
  readonly title: string
  readonly quantity: Quantity
  of(broker: string): Measured | null
}

/**
 * Comparisons as a table in Markdown. Cost first, microseconds of CPU or bytes of memory of the broker for each message
 * or connection; then how many times more the others need than the first one.
 */
export function tableOf(comparisons: readonly Comparison[], brokers: readonly string[]): string {
  const [own = '', ...others] = brokers
  const heads = ['for each message or connection', ...brokers, ...others.map(name => `${name} ÷ ${own}`)]
  const rates = [...brokers.map(name => `${name} /s`), `${own} p50 / p99 / p99.9 ms`, 'delivered']
  const rows = comparisons
    .flatMap(rowsOf)
    .map(({ title, quantity, of }) => [
      title,
      ...brokers.map(name => number(of(name)?.[quantity])),
      ...others.map(name => ratio(of(own)?.[quantity], of(name)?.[quantity])),
      ...brokers.map(name => number(of(name)?.perSecond)),
      latency(of(own)),
      delivered(brokers.map(of))
    ])
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const all = [...heads, ...rates]
  return [line(all), line(all.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

function rowsOf({ scenario, results }: Comparison): Row[] {
  return (scenario.shows ?? ['cpu']).map(quantity => ({
    title: `${scenario.title}, ${quantity === 'cpu' ? 'CPU µs' : 'bytes'}`,
    quantity,
    of: broker => results.get(broker) ?? null
  }))
}

/** Three digits that count; thousands apart. */
function number(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '–'
  if (value >= 1000) return Math.round(value).toLocaleString('en').replaceAll(',', ' ')
  return String(Number(value.toPrecision(3)))
}

function ratio(own: number | undefined, other: number | undefined): string {
  return own && other ? number(other / own) : '–'
}

function latency(measured: Measured | null): string {
  const found = measured?.found.latency
  return found ? [found.p50, found.p99, found.p999].map(number).join(' / ') : '–'
}

/** The least of them: 1 when nobody lost anything. */
function delivered(all: ReadonlyArray<Measured | null>): string {
  const shares = all.flatMap(measured => (measured ? [measured.found.delivered] : []))
  return shares.length === 0 ? '–' : String(Number(Math.min(...shares).toFixed(4)))
}

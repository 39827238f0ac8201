import type { Comparison } from './compare.js'
import type { Measured } from './measure.js'

type Quantity = 'cpu' | 'memory' | 'disk'

const units = { cpu: 'CPU µs', memory: 'bytes', disk: 'bytes on disk in all' } as const

/** A row of the table: what a scenario cost each broker, in CPU, in memory or on disk. */
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
  rows.push(
    ...factors(comparisons, brokers).map(row => [
      ...row,
      ...Array(heads.length + rates.length - row.length).fill('–')
    ])
  )
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const all = [...heads, ...rates]
  return [line(all), line(all.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

function rowsOf({ scenario, results }: Comparison): Row[] {
  return (scenario.shows ?? ['cpu']).map(quantity => ({
    title: `${scenario.title}, ${units[quantity]}`,
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

/** Of each broker: 1 when nothing was lost; one number when it is the same everywhere. */
function delivered(all: ReadonlyArray<Measured | null>): string {
  const shares = all.map(measured => (measured ? String(Number(measured.found.delivered.toFixed(4))) : '–'))
  const [first = '–'] = shares
  return shares.every(share => share === first) ? first : shares.join(' / ')
}

/** Scenarios that say something about each other: how many times the CPU of the second one the first one needs. */
const pairs = [
  { title: 'MQTT 5 against 3.1.1, times the CPU', of: ['one-to-one-5', 'one-to-one'] },
  { title: '10 000 clients against 10, times the CPU', of: ['clients-10000', 'clients-10'] }
] as const

function factors(comparisons: readonly Comparison[], brokers: readonly string[]): string[][] {
  const resultsOf = (name: string) => comparisons.find(({ scenario }) => scenario.name === name)?.results
  return pairs.flatMap(({ title, of: [first, second] }) => {
    const [one, other] = [resultsOf(first), resultsOf(second)]
    if (!one || !other) return []
    return [[title, ...brokers.map(name => ratio(other.get(name)?.cpu, one.get(name)?.cpu))]]
  })
}

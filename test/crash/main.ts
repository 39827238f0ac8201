/**
 * `npm run test:crash -- --kills 200 [--seed N] [--durability os|disk] [--keep] [--faults] [--broker FILE]`
 *
 * Proof by crashing: `stackmq start --data` runs as a process, is killed with SIGKILL at random moments, also
 * while it starts, and is started again on the same directory. Meanwhile persistent clients of both versions
 * publish and subscribe, go away, are slow, keep acknowledgements back and change their subscriptions; others
 * die and leave wills.
 *
 * The clients are correct ones: they keep what is under way in both directions, send it again with DUP, and
 * take for acknowledged what they have read the acknowledgement of. So in the end everything they published
 * is acknowledged. What is promised then, and judged:
 *
 * - lost: a message arrives at each subscriber whose subscription was acknowledged before the message was
 *   first sent, and which had not sent UNSUBSCRIBE when the acknowledgement (PUBACK, PUBREC) was read. A
 *   shared group is one subscriber.
 * - duplicated QoS 2: what is published and subscribed with QoS 2 arrives once, at one member of a group. QoS
 *   1 may come again.
 * - out of order: of one publisher, topic and QoS, first arrivals are in order. Not judged: a QoS 1 message
 *   that was sent again after a crash and went to nobody, or to another member, the first time.
 * - from nowhere: what arrives was published so, and there may have been a subscription: one that was sent,
 *   and whose end was not acknowledged. No acknowledgement comes for what is not under way.
 * - retained: each topic has its last acknowledged message, or one that was sent after it and not
 *   acknowledged, or a QoS 1 message before it that was sent again after it: QoS 2 is not stored again behind
 *   that.
 * - subscriptions: SUBACK grants what was asked; UNSUBACK says whether there was a subscription, as
 *   acknowledged last.
 * - wills: a will is published at most once. It is published when the connection died and the will was
 *   committed: when anything that was sent after CONNACK was read is acknowledged. It is not published after
 *   a DISCONNECT that was committed the same way. Delays begin anew when the broker starts.
 * - sessions: once CONNACK was read there is a session. refused: no message is. broker: it starts, does not
 *   end by itself, logs no error, and what it stores fits together (`stackmq data check`).
 *
 * What was sent and not acknowledged at a kill may have happened or not; QoS 2 never twice. Every ten kills
 * the run waits for all that is under way: a marker comes behind it to each subscriber. Each actor has its
 * own seeded chance, but the moments are those of a real machine: a seed repeats the choices, and makes the
 * same failure likely.
 *
 * With `--faults` a small file system runs full instead: see full-disk.ts.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fullDisk } from './full-disk.js'
import type { Report } from './report.js'
import { run } from './run.js'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    durability: { type: 'string', default: 'os' },
    /** Keeps the directory, also when nothing was wrong. */
    keep: { type: 'boolean', default: false },
    faults: { type: 'boolean', default: false },
    /** Another broker than the one of this tree: its built main.js. */
    broker: { type: 'string' }
  }
})
const source = fileURLToPath(new URL('../../lib/cli/main.ts', import.meta.url))
const loader = new URL('../support/typescript.mjs', import.meta.url).href
const main = values.broker ?? source
const node = main.endsWith('.ts') ? ['--import', loader] : []
const [kills, seed] = [Number(values.kills), Number(values.seed)]
const { durability } = values
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed))
  fail('--kills and --seed take whole numbers')
if (durability !== 'os' && durability !== 'disk') fail('--durability is os or disk')

const data = mkdtempSync(join(tmpdir(), 'stackmq-crash-'))
console.log(`${values.faults ? 'a full disk' : `${kills} kills`}, seed ${seed}, data in ${data}`)
const report = values.faults ? await faults() : await crashes()
const keep = values.keep || report.failed
if (!keep) rmSync(data, { recursive: true })
for (const example of report.examples) console.log(example)
console.log(report.text)
const more = `${values.faults ? ' --faults' : ` --kills ${kills} --durability ${durability}`}`
console.log(`again: npm run test:crash --${more} --seed ${seed}${keep ? `; the data is in ${data}` : ''}`)
console.log(report.failed ? 'FAILED' : 'passed')
process.exitCode = report.failed ? 1 : 0

function crashes(): Promise<Report> {
  let next = performance.now()
  const tell = (report: Report) => {
    if (process.stdout.isTTY) process.stdout.write(`\r${report.progress}\x1b[K`)
    else if (performance.now() >= next) {
      next = performance.now() + 10_000
      console.log(report.progress)
    }
    if (process.stdout.isTTY && report.kills >= kills) console.log()
  }
  return run({ kills, seed, data, durability: durability as 'os' | 'disk', main, node, tell })
}

async function faults(): Promise<Report> {
  const report = await fullDisk({ data, main, node, seed, tell: text => console.log(text) })
  if (typeof report !== 'string') return report
  console.log(`skipped: ${report}`)
  rmSync(data, { recursive: true })
  process.exit(0)
}

function fail(text: string): never {
  console.error(text)
  process.exit(2)
}

import { fileURLToPath } from 'node:url'
import t from 'tap'
import { buildIfStale } from '../support/build.js'
import { run } from './run.js'

const main = fileURLToPath(new URL('../../dist/lib/cli/main.js', import.meta.url))

t.test('a broker that is killed five times loses nothing that it acknowledged', async t => {
  t.equal(buildIfStale(), '')
  const data = t.testdir({})
  const report = await run({ main, data, durability: 'os', kills: 5, seed: 1, shortest: 150, longest: 350 })
  t.same(report.examples, [])
  t.equal(report.kills, 5)
  t.ok(report.acknowledged > 20 && report.delivered > report.acknowledged, report.progress)
})

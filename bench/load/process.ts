/** The load in a process of its own: runs one scenario, and tells its parent when to look at the broker. */
import { once } from 'node:events'
import { scenarioNamed } from '../scenarios/index.js'
import type { Order, Report } from './messages.js'

const tell = (report: Report) => process.send!(report)

/** Resolves when the parent has looked. */
async function told(at: 'begin' | 'end'): Promise<void> {
  tell({ at })
  await once(process, 'message')
}

const [order] = (await once(process, 'message')) as [Order]
try {
  const found = await scenarioNamed(order.scenario).run(order, {
    begin: () => told('begin'),
    end: () => told('end')
  })
  tell({ at: 'result', found })
} catch (err) {
  tell({ at: 'failed', error: (err as Error).stack ?? String(err) })
}
process.disconnect()

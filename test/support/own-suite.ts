import type { Test } from 'tap'
import type { Broker } from '../../lib/index.js'
import { lineText } from '../../spec-suite/protocol/dialogue.js'
import type { CaseResult } from '../../spec-suite/protocol/result.js'
import { type BrokerUnderTest, runSuite } from '../../spec-suite/protocol/run.js'
import { guardedBroker, plainBroker, restrictedBroker, type SuiteBroker } from './suite-brokers.js'

/** The whole suite on our broker, over one transport: every case has to run, and to pass. */
export async function ownSuite(
  t: Test,
  transport: 'tcp' | 'ws',
  plain: SuiteBroker = plainBroker()
): Promise<void> {
  const brokers = [plain, restrictedBroker(), guardedBroker()]
  for (const { broker } of brokers) broker.on('error', () => {})
  t.teardown(() => Promise.all(brokers.map(({ broker }) => broker.close())))
  const [first, ...also] = await Promise.all(brokers.map(one => underTest(one, transport)))
  const report = await runSuite({ ...first!, also })
  for (const result of report.results) {
    const { id, title } = result.case
    t.equal(result.outcome, 'passed', `${id}: ${title}`)
    if (result.outcome !== 'passed') t.comment(diagnosis(result))
  }
  for (const { broker } of brokers) await leftNothing(t, broker)
  t.comment(`${report.results.length} cases in ${report.milliseconds} ms`)
}

/** Cases clean up behind them: somebody will run them on a broker that is in use. */
async function leftNothing(t: Test, broker: Broker): Promise<void> {
  for (let i = 0; i < 5000 && broker.stats().clients.connected > 0; i++) await new Promise(setImmediate)
  const { clients, sessions, retained } = broker.stats()
  t.same(
    [clients.connected, sessions, retained.messages],
    [0, 0, 0],
    'no client, session or retained message is left'
  )
}

async function underTest(one: SuiteBroker, transport: 'tcp' | 'ws'): Promise<BrokerUnderTest> {
  const { broker, capabilities, username, password } = one
  const [tcp, ws] = await broker.listen({ port: 0 }, 'ws://localhost:0/mqtt')
  const target = transport === 'tcp' ? `mqtt://localhost:${tcp!.port}` : `ws://localhost:${ws!.port}/mqtt`
  const webSocketUrl = `ws://localhost:${ws!.port}/mqtt`
  return { target, username, password, capabilities: { ...capabilities, webSocketUrl } }
}

function diagnosis({ failure, reason, dialogue }: CaseResult): string {
  const what = failure ? `expected ${failure.expected}, but ${failure.received} ${failure.fault}` : reason
  return [what, ...dialogue.map(lineText)].join('\n')
}

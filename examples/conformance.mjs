// A few cases of the conformance suite on a broker of one's own: the same suite judges any broker, by its URL.
import { createBroker } from 'stackmq'
import { reporters, runSuite } from 'stackmq/spec-suite'

export const broker = createBroker()
broker.on('error', () => {}) // cases break the rules, and the broker says so
const [listener] = await broker.listen({ port: Number(process.env.PORT ?? 1883), host: '127.0.0.1' })

export const report = await runSuite({
  target: `mqtt://127.0.0.1:${listener?.port}`,
  only: ['granted-qos', '3.8.3-1'],
  capabilities: { receiveMaximum: 100 } // what the suite cannot find out, or shall not believe
})
for (const { case: one, outcome, failure } of report.results) {
  console.log(`${outcome} ${one.id}: ${one.title}${failure ? `, but ${failure.received}` : ''}`)
}
console.log(reporters.pretty({ report }).trimEnd().split('\n').at(-1))
await broker.close()

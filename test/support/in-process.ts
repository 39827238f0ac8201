import { duplexPair } from 'node:stream'
import type { Test } from 'tap'
import { type Broker, type BrokerOptions, createBroker } from '../../lib/index.js'
import type { Target } from '../../spec-suite/protocol/link/link.js'
import { streamTarget } from '../../spec-suite/protocol/link/stream.js'

/** A broker that the conformance suite reaches without a network. It is gone after the test. */
export async function inProcess(
  t: Test,
  name: string,
  options: BrokerOptions = {}
): Promise<{ broker: Broker; target: Target }> {
  const broker = createBroker(options)
  broker.on('error', () => {})
  t.teardown(async () => {
    // Half a pair does not see that the other half is gone: there is nobody to wait for.
    await broker.stack.stop({ timeout: 50 })
    await broker.close()
  })
  await broker.start()
  const handler = broker.stack.handler()
  const target = streamTarget(name, () => {
    const [near, far] = duplexPair()
    handler(far, { local: true })
    return near
  })
  return { broker, target }
}

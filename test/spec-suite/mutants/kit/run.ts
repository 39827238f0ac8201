import type { Broker } from '../../../../lib/index.js'
import { suiteCases } from '../../../../spec-suite/protocol/cases/index.js'
import type { Target } from '../../../../spec-suite/protocol/link/link.js'
import { streamTarget } from '../../../../spec-suite/protocol/link/stream.js'
import type { CaseResult } from '../../../../spec-suite/protocol/result.js'
import { runSuite } from '../../../../spec-suite/protocol/run.js'
import {
  guardedBroker,
  plainBroker,
  restrictedBroker,
  type SuiteBroker
} from '../../../support/suite-brokers.js'
import type { Base, Mutant } from './mutant.js'
import { connection, type Rewrite } from './rewrite.js'
import { webSocketPlace } from './web-socket.js'

/** Milliseconds for an answer: the broker is in this process, and what does not come must not cost much. */
const limit = 2500

const bases: Readonly<Record<Base, (mutant: Mutant | null) => SuiteBroker>> = {
  plain: mutant => plainBroker(mutant?.options),
  restricted: restrictedBroker,
  guarded: guardedBroker
}

/** The cases that have to notice a mutant. */
export function casesFor({ breaks }: Mutant): string[] {
  return suiteCases
    .filter(({ version, proves }) => proves.some(id => breaks[version]?.includes(id)))
    .map(({ id }) => id)
}

/** Lets cases judge a mutant. */
export async function runMutant(
  mutant: Mutant,
  only: readonly string[] = casesFor(mutant)
): Promise<readonly CaseResult[]> {
  const { base = 'plain', rewrite, webSocket, capabilities } = mutant
  const under = bases[base](mutant)
  await mutant.change?.(under.broker)
  return judge(under, only, { rewrite, webSocket, capabilities })
}

/** Lets cases judge a broker that was not broken: nothing may fail. */
export function runControl(
  base: Base,
  only: readonly string[],
  webSocket = false
): Promise<readonly CaseResult[]> {
  return judge(bases[base](null), only, { webSocket: webSocket ? {} : undefined })
}

interface Faults {
  rewrite?: Rewrite | undefined
  webSocket?: Mutant['webSocket'] | undefined
  capabilities?: Mutant['capabilities'] | undefined
}

async function judge(
  { broker, capabilities, ...login }: SuiteBroker,
  only: readonly string[],
  faults: Faults
): Promise<readonly CaseResult[]> {
  await broker.start()
  const place = faults.webSocket ? await webSocketPlace(broker, faults.webSocket) : null
  try {
    const { results } = await runSuite({
      ...{ target: targetOf(broker, faults.rewrite), ...login, only, limit },
      capabilities: {
        ...{ ...capabilities, ...faults.capabilities },
        ...(place && { webSocketUrl: place.url })
      }
    })
    return results
  } finally {
    place?.close()
    await broker.stack.stop({ timeout: 100 })
    await broker.close()
  }
}

function targetOf(broker: Broker, rewrite: Rewrite | undefined): Target {
  return streamTarget('mutant', () => connection(broker, rewrite))
}

/** The cases that noticed it. */
export function noticedBy(results: readonly CaseResult[]): string[] {
  return results.filter(one => one.outcome === 'failed' && one.failure!.fault === '').map(one => one.case.id)
}

/** Errors of the suite itself. */
export function faultsIn(results: readonly CaseResult[]): string[] {
  return results.filter(one => one.failure && one.failure.fault !== '').map(one => one.failure!.fault)
}

import { assumed } from '../../spec-suite/protocol/broker/facts.js'
import { type Comparison, compared } from '../../spec-suite/protocol/compare.js'
import type { CaseResult, Failure, Outcome, SuiteReport } from '../../spec-suite/protocol/result.js'

/** The id of a statement as it is printed. */
export function mqtt(id: string): string {
  return `MQTT-${id}`
}

/** Everything that a form of text has to escape, and control characters that XML cannot hold. */
export const nasty = `<script>alert("1 & 2")</script> # ]]> 'ä' \\ \u0000\u0007 → 🦊`

const dialogue: CaseResult['dialogue'] = [
  { at: 1, who: 'client', way: 'sent', words: 'SUBSCRIBE, id 1', hex: '82 09' },
  { at: 2, who: 'client', way: 'received', words: `SUBACK, ${nasty}`, hex: '90 03' },
  { at: 3, who: '', way: 'event', words: 'BREACH: expected a, but b', hex: '' }
]

export function failed(ids: readonly string[], more: Partial<Failure> = {}): Failure {
  return { expected: `a ${nasty}`, received: 'it was b', ids, violations: [], fault: '', ...more }
}

/** One case as it would have ended. */
export function result(
  id: string,
  proves: readonly string[],
  outcome: Outcome,
  more: Partial<CaseResult> = {}
): CaseResult {
  const [version, name] = id.split(':') as ['5.0', string]
  return {
    ...{ case: { id, version, name, title: `what ${name} is about`, proves, needs: [] }, outcome },
    ...{ milliseconds: 12, target: 'mqtt://localhost:1', failure: null, reason: '' },
    ...{ dialogue: outcome === 'skipped' ? [] : dialogue, ...more }
  }
}

/** A run with an outcome of each kind. */
export function smallReport(more: Partial<SuiteReport> = {}): SuiteReport {
  const results = [
    result('3.1.1:old', ['3.8.4-6'], 'passed'),
    result('5.0:good', ['3.8.4-8'], 'passed'),
    result('5.0:bad', ['3.8.4-5', '3.8.4-6'], 'failed', {
      failure: failed(['3.8.4-5', '1.5.4-2'], { violations: [{ ids: ['1.5.4-2'], text: 'a NUL came' }] })
    }),
    result('5.0:left', ['4.8.2-1'], 'skipped', { reason: `needs shared subscriptions ${nasty}` }),
    result('5.0:known', ['3.8.3-1'], 'known failure', { failure: failed(['3.8.3-1']), reason: 'issue 12' }),
    result('5.0:better', ['3.8.3-2'], 'unexpected pass', { reason: 'issue 13' })
  ]
  return {
    ...{
      target: 'mqtt://localhost:1',
      facts: { ...assumed },
      versions: ['3.1.1', '5.0'],
      refusedVersions: []
    },
    ...{ planned: results.length, only: [], interrupted: false, results },
    ...{ startedAt: new Date('2026-01-02T03:04:05Z'), milliseconds: 1234, ...more }
  }
}

/** Another broker: it fails what was good here, and cannot do what was bad. */
export function smallComparison(): Comparison {
  const here = smallReport()
  const results = here.results.map(one => {
    if (one.case.id === '5.0:good')
      return result('5.0:good', ['3.8.4-8'], 'failed', { failure: failed(['3.8.4-8']) })
    return one.case.id === '5.0:bad'
      ? result('5.0:bad', ['3.8.4-5'], 'skipped', { reason: 'needs QoS 2' })
      : one
  })
  return compared(here, smallReport({ target: 'mqtt://localhost:2', results }))
}

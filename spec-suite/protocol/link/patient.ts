import { BrokerUnusable, unreachable } from '../broker/unusable.js'
import type { Target } from './link.js'

/** The same target, for so many milliseconds: a host that swallows packets is told in time, and in words for people. */
export function patientTarget(target: Target, limit: number): Target {
  const { name, webSocket } = target
  return {
    ...{ name, webSocket },
    async open(events) {
      const signal = AbortSignal.timeout(limit)
      try {
        return await inTime(target.open(events, signal), signal)
      } catch (err) {
        if (!signal.aborted) throw unreachable(name, err)
        throw new BrokerUnusable(
          name,
          'TIMEOUT',
          `${name} cannot be reached: no answer within ${limit / 1000} s`
        )
      }
    }
  }
}

/** Targets of others may know nothing of signals. */
function inTime<T>(opened: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    opened.then(resolve, reject)
  })
}

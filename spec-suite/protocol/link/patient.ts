import { BrokerUnusable, unreachable } from '../broker/unusable.js'
import type { Link, Target } from './link.js'

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

/** Targets of others may know nothing of signals: what they open too late is closed. */
function inTime(opened: Promise<Link>, signal: AbortSignal): Promise<Link> {
  return new Promise((resolve, reject) => {
    const late = () => reject(signal.reason)
    signal.addEventListener('abort', late, { once: true })
    opened.then(link => {
      signal.removeEventListener('abort', late)
      if (signal.aborted) link.cut()
      else resolve(link)
    }, reject)
  })
}

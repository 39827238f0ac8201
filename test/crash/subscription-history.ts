/** One SUBSCRIBE or UNSUBSCRIBE for a filter. Times are steps of the harness's own clock. */
export interface Change {
  readonly on: boolean
  readonly sent: number
  /** Infinity as long as no answer was read. */
  acked: number
}

/** What one client asked for, in the order it asked: what the broker must know, and what it may know. */
export class SubscriptionHistory {
  readonly #changes = new Map<string, Change[]>()

  add(filter: string, change: Change): Change {
    const all = this.#changes.get(filter)
    if (all) all.push(change)
    else this.#changes.set(filter, [change])
    return change
  }

  /** It was refused: it never happened. */
  drop(filter: string, change: Change): void {
    const all = this.#changes.get(filter)!
    all.splice(all.indexOf(change), 1)
  }

  /** Whether a matching subscription was in force from `from` to `to`, whatever a crash has done. */
  held(topic: string, from: number, to: number): boolean {
    for (const [filter, changes] of this.#changes) {
      if (matches(filter, topic) && heldAllTheTime(changes, from, to)) return true
    }
    return false
  }

  /** Whether one may have been in force at any time between. */
  mayHold(topic: string, from: number, to: number): boolean {
    for (const [filter, changes] of this.#changes) {
      if (matches(filter, topic) && mayHold(changes, from, to)) return true
    }
    return false
  }

  /** The same for one filter, now: true, false, or null when that is in doubt. */
  isOn(filter: string, now: number): boolean | null {
    const changes = this.#changes.get(filter) ?? []
    if (heldAllTheTime(changes, now, now)) return true
    return mayHold(changes, now, now) ? null : false
  }
}

function heldAllTheTime(changes: readonly Change[], from: number, to: number): boolean {
  for (let i = changes.length - 1; i >= 0; i--) {
    const { on, sent, acked } = changes[i]!
    if (sent > to) continue
    if (!on) return false
    if (acked < from) return true
  }
  return false
}

function mayHold(changes: readonly Change[], from: number, to: number): boolean {
  for (let i = changes.length - 1; i >= 0; i--) {
    const { on, sent, acked } = changes[i]!
    if (sent > to) continue
    if (on) return true
    if (acked < from) return false
  }
  return false
}

/** Without the rules for `$`, which no topic here begins with. */
function matches(filter: string, topic: string): boolean {
  const wanted = (filter.startsWith('$share/') ? filter.split('/').slice(2) : filter.split('/')) as string[]
  const levels = topic.split('/')
  for (const [i, level] of wanted.entries()) {
    if (level === '#') return true
    if (i >= levels.length || (level !== '+' && level !== levels[i])) return false
  }
  return wanted.length === levels.length
}

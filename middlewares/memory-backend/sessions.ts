import type { Ctx, SessionBackend, Store, StoredSession } from '../../lib/index.js'
import { Middleware } from '../../lib/index.js'

/** Sessions in memory. Handles: storeSession, lookupSession, lookupSessions, removeSession. */
export class MemorySessions extends Middleware implements SessionBackend {
  override readonly exclusive = ['storeSession'] as const
  #sessions = new Map<string, StoredSession>()

  override exportState(): unknown {
    return this.#sessions
  }

  override importState(state: Map<string, StoredSession>): void {
    this.#sessions = state
  }

  storeSession({ session }: Ctx<'storeSession'>): void {
    this.#sessions.set(session.clientId, session)
  }

  lookupSession({ clientId }: Ctx<'lookupSession'>, store: Store<'lookupSession'>): void {
    const session = this.#sessions.get(clientId)
    if (session) store.session = session
  }

  lookupSessions({ limit, cursor }: Ctx<'lookupSessions'>, store: Store<'lookupSessions'>): void {
    takePage((cursor ?? this.#sessions.values()) as Iterator<StoredSession>, limit, store)
  }

  removeSession({ clientId }: Ctx<'removeSession'>): void {
    this.#sessions.delete(clientId)
  }
}

/** The next items of an iterator, which is the cursor: maps allow changes while they are walked. */
export function takePage<T>(from: Iterator<T>, limit: number, store: { items: T[]; cursor?: unknown }): void {
  for (let i = 0; i < limit; i++) {
    const { done, value } = from.next()
    if (done) return
    store.items.push(value)
  }
  store.cursor = from
}

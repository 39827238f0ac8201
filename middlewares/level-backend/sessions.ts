import type { Ctx, SessionBackend, Store, StoredSession } from '../../lib/index.js'
import { LevelPart, type LevelPartConfig, partDefaults } from './part.js'
import { put } from './put.js'
import { encodeSession } from './small-values.js'

/**
 * Sessions on `level`; they are in memory, too. Handles: storeSession, lookupSession, lookupSessions, removeSession.
 */
export class LevelSessions extends LevelPart implements SessionBackend {
  override readonly exclusive = ['storeSession'] as const

  constructor(config: Partial<LevelPartConfig> = {}) {
    super(config, partDefaults)
  }

  storeSession({ session }: Ctx<'storeSession'>): void {
    const { clients, queue } = this.store
    const client = clients.of(session.clientId)
    const isNew = client.session === null
    client.session = { ...session }
    client.trim()
    queue.put(`e${client.code}`, put(encodeSession(session)), isNew)
  }

  lookupSession({ clientId }: Ctx<'lookupSession'>, store: Store<'lookupSession'>): void {
    const session = this.store.clients.get(clientId)?.session
    if (session) store.session = session
  }

  lookupSessions({ limit, cursor }: Ctx<'lookupSessions'>, store: Store<'lookupSessions'>): void {
    takePage((cursor as Iterator<StoredSession> | undefined) ?? this.#all(), limit, store)
  }

  removeSession({ clientId }: Ctx<'removeSession'>): void {
    this.store.removeClient(clientId)
  }

  *#all(): Generator<StoredSession> {
    for (const { session } of this.store.clients.values()) if (session) yield session
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

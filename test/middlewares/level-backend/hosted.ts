import {
  type CallbackName,
  type Ctx,
  type OutgoingMessage,
  Publish,
  Stack,
  type Store,
  type Timer
} from '../../../lib/index.js'
import { LevelBackend, type LevelBackendConfig } from '../../../middlewares/index.js'
import { FakeClock } from '../../support/fake-clock.js'
import { FakeDb } from './fake-db.js'

/** The pauses of 1 ms in which a large batch gathers pass by themselves. */
class PassingClock extends FakeClock {
  override after(ms: number, callback: () => void): Timer {
    if (ms === 1) setImmediate(() => this.advance(1))
    return super.after(ms, callback)
  }
}

/** A LevelBackend in a stack, on a database that can be told to fail. */
export class Hosted {
  readonly db: FakeDb
  readonly clock = new PassingClock()
  readonly errors: Error[] = []
  readonly stack: Stack
  readonly backend: LevelBackend

  private constructor(db: FakeDb, config: Partial<LevelBackendConfig>) {
    this.db = db
    this.stack = new Stack({ clock: this.clock, onError: err => this.errors.push(err) })
    this.backend = new LevelBackend({ db, ...config })
    this.stack.use(this.backend)
  }

  static async on(db = new FakeDb(), config: Partial<LevelBackendConfig> = {}): Promise<Hosted> {
    const hosted = new Hosted(db, config)
    await hosted.stack.start()
    return hosted
  }

  async run<K extends CallbackName>(name: K, ctx: Ctx<K>, store?: Store<K>): Promise<Store<K>> {
    await this.stack.execute(name, ctx, store as Store<K>, ...([] as never))
    return store as Store<K>
  }

  /** Settles when all is written, or with what it failed with. */
  async commit(): Promise<Error | null> {
    return new Promise(resolve => this.stack.chain('commit').call({}, undefined, err => resolve(err ?? null)))
  }

  queue(clientId: string, packet: Publish): boolean {
    const store = { refused: false }
    this.stack.chain('storeOfflineMessage').tell({ clientId, message: message(packet) }, store)
    return !store.refused
  }

  async queued(clientId: string, limit = 1000) {
    const { items } = await this.run('lookupOfflineMessages', { clientId, limit }, { items: [] })
    return items
  }

  async payloads(clientId: string): Promise<string[]> {
    return (await this.queued(clientId)).map(({ message }) => message.packet.payload.toString())
  }

  unqueue(clientId: string, keys: ReadonlyArray<string | number>): void {
    this.stack.chain('removeOfflineMessages').tell({ clientId, keys }, undefined)
  }

  send(clientId: string, sent: OutgoingMessage): void {
    this.stack.chain('storeInflight').tell({ clientId, message: sent }, undefined)
  }

  acknowledge(clientId: string, messageId: number): boolean {
    const store = { existed: false }
    this.stack.chain('removeInflight').tell({ clientId, messageId }, store)
    return store.existed
  }

  removeSession(clientId: string): void {
    this.stack.chain('removeSession').tell({ clientId }, undefined)
  }

  /** Everything that is to be cleared away is, and is written. */
  async cleared(): Promise<void> {
    await this.backend.store.clearing.idle
    await this.commit()
  }

  /** What the disk has after the process died here. */
  crashed(): FakeDb {
    const copy = new FakeDb()
    for (const [key, value] of this.db.entries) copy.entries.set(key, value)
    return copy
  }
}

export function publish(payload: string, rest: Partial<Publish> = {}): Publish {
  return Publish.from({ topic: 't', qos: 1, payload: Buffer.from(payload), ...rest })
}

export function message(packet: Publish, rest: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { packet, qos: 1, retain: false, identifiers: null, messageId: 0, released: false, ...rest }
}

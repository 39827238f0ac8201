import { type OutgoingMessage, Stack } from '../../../lib/index.js'
import { clientDigits, idCode, parseCode, seqOf } from '../keys.js'
import type { LevelDb } from '../level-db.js'
import { readPacket } from '../packet-codec.js'
import { asBuffer, decodeRecord, ownPacket, type StoredRecord } from '../record-codec.js'
import { decodeSession, decodeSubscription } from '../small-values.js'
import type { Owners, TakeLine } from './export.js'
import type { Counts, InflightLine, MessageJson, SessionLine } from './format.js'
import { messageJson } from './message-json.js'
import type { Problems } from './problems.js'
import { SharedContents } from './shared-contents.js'
import { Walk } from './walk.js'

/** Bytes of what is in flight to one client that are kept while its order is found out; more is read again. */
const keptBytes = 4 * 1_048_576

const kindNames = {
  ...{ e: 'session', s: 'subscription', i: 'message in flight', j: 'PUBREC', n: 'incoming message' },
  q: 'queued message'
} as const
type Kind = keyof typeof kindNames

interface Telling {
  readonly tell: TakeLine
  readonly counts: Counts
  readonly problems: Problems
}

interface Sent {
  readonly messageId: number
  readonly order: number
  readonly value: Buffer | null
}

/** Tells one session after the other: the entries of each kind are in the order of the clients' numbers. */
export class SessionExport {
  readonly #db: LevelDb
  readonly #owners: Owners
  readonly #telling: Telling
  readonly #shared: SharedContents
  readonly #walks: Readonly<Record<Kind, Walk>>
  /** Nobody routes here: it is what decoding needs. */
  readonly #stack = new Stack()

  private constructor(db: LevelDb, owners: Owners, telling: Telling, shared: SharedContents) {
    this.#db = db
    this.#owners = owners
    this.#telling = telling
    this.#shared = shared
    const passed = (key: string) => this.#ownerless(key)
    const kinds = Object.keys(kindNames) as Kind[]
    this.#walks = Object.fromEntries(kinds.map(kind => [kind, new Walk(db, kind, passed)])) as Record<
      Kind,
      Walk
    >
  }

  static async of(db: LevelDb, owners: Owners, telling: Telling): Promise<SessionExport> {
    return new SessionExport(db, owners, telling, await SharedContents.of(db))
  }

  async tell(code: string): Promise<void> {
    const clientId = this.#owners.ids.get(code)!
    const line = await this.#session(code, clientId)
    if (line.expiryInterval !== null) this.#telling.counts.sessions++
    await this.#telling.tell(line)
    await this.#sent(code, clientId)
    await this.#received(code, clientId)
    await this.#queued(code, clientId)
  }

  /** What is left belongs to nobody. */
  async end(): Promise<void> {
    for (const walk of Object.values(this.#walks)) await walk.end()
  }

  async close(): Promise<void> {
    for (const walk of Object.values(this.#walks)) await walk.close()
  }

  async #session(code: string, clientId: string): Promise<SessionLine> {
    const { counts, problems } = this.#telling
    const line: SessionLine = {
      ...{ type: 'session', clientId, expiryInterval: null, expiresAt: null, subscriptions: [] }
    }
    const { e, s } = this.#walks
    if (await e.reach(`e${code}`)) {
      const stored = problems.attempt(`the session of ${clientId}`, () => decodeSession(clientId, e.value))
      if (stored) Object.assign(line, stored)
      e.skip()
    }
    for (; await s.reach(`s${code}`); s.skip()) {
      const filter = s.key.slice(1 + clientDigits)
      const what = `the subscription of ${clientId} to ${filter}`
      const subscription = problems.attempt(what, () => decodeSubscription(filter, s.value))
      if (!subscription) continue
      counts.subscriptions++
      line.subscriptions.push(subscription)
    }
    return line
  }

  async #sent(code: string, clientId: string): Promise<void> {
    const { counts, problems, tell } = this.#telling
    const released = await this.#messageIds('j', code)
    for (const { messageId, value } of await this.#inOrder(code, clientId)) {
      const what = `message ${messageId} in flight to ${clientId}`
      const bytes = value ?? asBuffer(this.#db.getSync(`i${code}${idCode(messageId)}`)!)
      const line = problems.attempt(what, (): InflightLine => {
        const record = decodeRecord(bytes)
        const done = record.released || released.has(messageId)
        const awaits = record.qos < 2 ? 'puback' : done ? 'pubcomp' : 'pubrec'
        const delivery = this.#delivery(clientId, record, bytes)
        return { type: 'inflight', messageId, awaits, ...delivery }
      })
      if (!line) continue
      counts.inflight++
      await tell(line)
    }
  }

  /** In the order of the first sending: stored are they in that of their identifiers. */
  async #inOrder(code: string, clientId: string): Promise<Sent[]> {
    const { i } = this.#walks
    const found: Sent[] = []
    let bytes = 0
    for (; await i.reach(`i${code}`); i.skip()) {
      const { key, value } = i
      const messageId = parseCode(key, 1 + clientDigits)
      const what = `message ${messageId} in flight to ${clientId}`
      const record = this.#telling.problems.attempt(what, () => decodeRecord(value))
      if (!record) continue
      bytes += value.length
      found.push({ messageId, order: record.order, value: bytes <= keptBytes ? value : null })
    }
    return found.sort((a, b) => a.order - b.order)
  }

  async #received(code: string, clientId: string): Promise<void> {
    for (const messageId of await this.#messageIds('n', code)) {
      this.#telling.counts.incoming++
      await this.#telling.tell({ type: 'incoming', clientId, messageId, awaits: 'pubrel' })
    }
  }

  async #messageIds(kind: 'j' | 'n', code: string): Promise<Set<number>> {
    const walk = this.#walks[kind]
    const ids = new Set<number>()
    for (; await walk.reach(`${kind}${code}`); walk.skip()) ids.add(parseCode(walk.key, 1 + clientDigits))
    return ids
  }

  async #queued(code: string, clientId: string): Promise<void> {
    const { counts, problems, tell } = this.#telling
    const { q } = this.#walks
    const from = this.#owners.cleared.get(code) ?? 0
    for (; await q.reach(`q${code}`); q.skip()) {
      if (seqOf(q.key) < from) continue
      const { value } = q
      const what = `a message that waits for ${clientId}`
      const delivery = problems.attempt(what, () => this.#delivery(clientId, decodeRecord(value), value))
      if (!delivery) continue
      counts.queued++
      await tell({ type: 'queued', ...delivery })
    }
  }

  #delivery(clientId: string, record: StoredRecord, value: Buffer) {
    const { qos, retain, identifiers, reference } = record
    const delivery: Pick<OutgoingMessage, 'qos' | 'retain' | 'identifiers'> = { qos, retain, identifiers }
    return { clientId, ...delivery, ...this.#content(reference, record, value) }
  }

  #content(
    reference: number,
    record: StoredRecord,
    value: Buffer
  ): { shared?: number; message?: MessageJson } {
    if (reference === 0) return { message: messageJson(ownPacket(value, record, this.#stack)) }
    const known = this.#shared.numberOf(reference)
    if (known > 0) return { shared: known }
    const bytes = this.#shared.read(reference)
    if (!bytes) throw new Error(`its content, number ${reference}, is missing`)
    const message = messageJson(readPacket(asBuffer(bytes), 0, bytes.length, this.#stack))
    const shared = this.#shared.number(reference)
    return shared > 0 ? { shared, message } : { message }
  }

  #ownerless(key: string): void {
    // What is about to be cleared away has no owner any more, and is nothing to tell of.
    const code = key.slice(1, 1 + clientDigits)
    const upTo = this.#owners.cleared.get(code)
    if (upTo === 0 || (key[0] === 'q' && upTo !== undefined && seqOf(key) < upTo)) return
    const what = kindNames[key[0] as Kind]
    this.#telling.problems.add(`a ${what} belongs to no session and is left out (${key.slice(0, 20)})`)
  }
}

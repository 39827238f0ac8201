import type { Stack, StoredWill } from '../../lib/index.js'
import { TopicTree } from '../../lib/topics/index.js'
import type { Clients } from './clients.js'
import { clientDigits, parseCode, seqKey } from './keys.js'
import { eachEntry, type LevelDb, prefixed } from './level-db.js'
import { asBuffer } from './record-codec.js'
import {
  decodeNumber,
  decodeRetainedInfo,
  decodeSession,
  decodeSubscription,
  decodeUsage,
  decodeWill,
  type RetainedInfo
} from './small-values.js'

/** The topics of retained messages: those that `#` does not find, too. */
export class RetainedTopics {
  readonly tree = new TopicTree<RetainedInfo>()
  readonly all = new Map<string, RetainedInfo>()

  set(topic: string, info: RetainedInfo): void {
    this.tree.set(topic, info)
    this.all.set(topic, info)
  }

  delete(topic: string): void {
    this.tree.delete(topic)
    this.all.delete(topic)
  }
}

/** What is kept in memory of a store. */
export interface Loaded {
  readonly clients: Clients
  readonly retained: RetainedTopics
  readonly wills: Map<string, StoredWill>
}

/** What is left to be done, and where numbers begin. */
export interface Rest {
  /** Notes of what is to be cleared away. */
  readonly notes: readonly string[]
  readonly seq: number
}

/** Reads what routing and lookups need, and no payloads but those of wills. */
export async function load(db: LevelDb, stack: Stack, into: Loaded): Promise<Rest> {
  const { clients, retained, wills } = into
  const notes: string[] = []
  await eachEntry(db, prefixed('c'), (key, value) =>
    clients.found(key.slice(1), decodeNumber(asBuffer(value)))
  )
  const ofClient = (key: string) => clients.withCode(key.slice(1, 1 + clientDigits))
  const restOf = (key: string) => key.slice(1 + clientDigits)
  await eachEntry(db, prefixed('x'), key => {
    notes.push(key)
    clients.taken(parseCode(key, 1, 1 + clientDigits))
  })
  await eachEntry(db, prefixed('e'), (key, value) => {
    const client = ofClient(key)
    if (client) client.session = decodeSession(client.id, asBuffer(value))
  })
  await eachEntry(db, prefixed('s'), (key, value) => {
    const topic = restOf(key)
    ofClient(key)?.subscriptions.set(topic, decodeSubscription(topic, asBuffer(value)))
  })
  await eachEntry(db, prefixed('z'), (key, value) => {
    const client = ofClient(key)
    if (client) Object.assign(client, decodeUsage(asBuffer(value)), { counted: true })
  })
  await eachEntry(db, prefixed('n'), key => ofClient(key)?.incoming.add(parseCode(restOf(key), 0)))
  await eachEntry(db, prefixed('t'), (key, value) =>
    retained.set(key.slice(1), decodeRetainedInfo(asBuffer(value)))
  )
  await eachEntry(db, prefixed('w'), (key, value) => {
    const will = decodeWill(key.slice(1), asBuffer(value), stack)
    wills.set(will.clientId, will)
  })
  clients.loaded()
  const seq = db.getSync(seqKey)
  return { notes, seq: seq === undefined ? 1 : decodeNumber(asBuffer(seq)) }
}

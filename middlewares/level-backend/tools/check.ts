import { clientCode, clientDigits, parseCode, seqDigits, seqOf } from '../keys.js'
import { eachEntry, type LevelDb, prefixed } from '../level-db.js'
import { asBuffer, decodeRecord } from '../record-codec.js'
import { decodeNumber, decodeUsage } from '../small-values.js'
import { Problems } from './problems.js'

export interface CheckResult {
  /** What is wrong, in sentences, the first hundred; nothing when all is well. */
  readonly problems: readonly string[]
  readonly sessions: number
  readonly subscriptions: number
  readonly retained: number
  readonly queued: number
  readonly inflight: number
  readonly wills: number
}

export interface CheckOptions {
  /** Where problems go, when somebody wants to know how many there are. */
  readonly problems?: Problems
  /** Sees every entry; what it throws is a problem of that one. */
  readonly see?: (key: string, value: Buffer) => void
}

const nouns: Readonly<Record<string, string>> = {
  ...{ c: 'the number of a client', e: 'a session', s: 'a subscription', i: 'a message in flight' },
  ...{ j: 'a PUBREC', n: 'an incoming message', q: 'a queued message', z: 'the count of a queue' },
  ...{ x: 'a note of what is to be cleared away', m: 'the content', k: 'the count of a content' },
  ...{ r: 'a retained message', t: 'the entry of a retained message', w: 'a will' }
}

/**
 * Reads a whole store that nobody uses and verifies that its records fit together. Changes nothing. In memory there are
 * the clients, the topics of retained messages, and a number for each message of several sessions.
 */
export async function check(db: LevelDb, options: CheckOptions = {}): Promise<CheckResult> {
  const { problems = new Problems(), see = () => {} } = options
  const counts: Record<string, number> = {}
  const clients = new Map<string, string>()
  /** Up to which sequence number the queue of a client is about to be cleared away; 0 for all of it. */
  const noted = new Map<string, number>()
  const waiting = new Map<string, number>()
  const references = new Map<number, number>()
  const codeOf = (key: string) => key.slice(1, 1 + clientDigits)
  const each = (kind: string, tell: (key: string, value: Buffer) => void) =>
    eachEntry(db, prefixed(kind), (key, value) => {
      counts[kind] = (counts[kind] ?? 0) + 1
      try {
        const buf = asBuffer(value)
        tell(key, buf)
        see(key, buf)
      } catch (err) {
        problems.add(`${named(key)} cannot be read: ${(err as Error).message}`)
      }
    })
  const owned = (key: string) => {
    if (!clients.has(codeOf(key)) && noted.get(codeOf(key)) !== 0)
      problems.add(`${named(key)} belongs to no session`)
  }
  const refer = (value: Buffer) => {
    const { reference } = decodeRecord(value)
    if (reference > 0) references.set(reference, (references.get(reference) ?? 0) + 1)
  }

  await each('c', (key, value) => clients.set(clientCode(decodeNumber(value)), key.slice(1)))
  await each('x', key => {
    const upTo = parseCode(key, 1 + clientDigits, 1 + clientDigits + seqDigits)
    const before = noted.get(codeOf(key))
    noted.set(codeOf(key), upTo === 0 || before === 0 ? 0 : Math.max(upTo, before ?? 0))
  })
  for (const kind of ['e', 's', 'n', 'j']) await each(kind, owned)
  await each('i', (key, value) => {
    owned(key)
    refer(value)
  })
  await each('q', (key, value) => {
    refer(value)
    const code = codeOf(key)
    // What is about to be cleared away does not count, whoever had it.
    if (seqOf(key) < (noted.get(code) ?? 0)) return
    owned(key)
    waiting.set(code, (waiting.get(code) ?? 0) + 1)
  })
  await each('z', (key, value) => {
    owned(key)
    const { count } = decodeUsage(value)
    const found = waiting.get(codeOf(key)) ?? 0
    waiting.delete(codeOf(key))
    const client = clients.get(codeOf(key))
    if (count !== found)
      problems.add(`the count of ${client} says that ${count} messages wait, there are ${found}`)
  })
  for (const [code, count] of waiting) {
    if (noted.get(code) !== 0)
      problems.add(`${count} messages of ${clients.get(code)} wait and are not counted`)
  }
  /** In order, and so is what counts them. */
  const contents: number[] = []
  await each('m', key => {
    contents.push(seqOf(key))
    if (!references.has(seqOf(key))) problems.add(`message ${seqOf(key)} is stored and nothing refers to it`)
  })
  let at = 0
  await each('k', (key, value) => {
    const id = seqOf(key)
    const count = decodeNumber(value)
    const found = references.get(id) ?? 0
    references.delete(id)
    while (contents[at]! < id) at++
    if (contents[at] !== id) problems.add(`message ${id} is missing, which ${found} records refer to`)
    else if (count !== found)
      problems.add(`the count of message ${id} says that ${count} records refer to it, ${found} do`)
  })
  for (const [id, count] of references)
    problems.add(`${count} records refer to message ${id}, whose count is missing`)
  const topics = new Set<string>()
  await each('t', key => topics.add(key.slice(1)))
  await each('r', key => {
    if (!topics.delete(key.slice(1))) problems.add(`the retained message of ${key.slice(1)} is not listed`)
  })
  for (const topic of topics) problems.add(`the retained message of ${topic} is missing`)
  await each('w', () => {})
  const { e = 0, s = 0, r = 0, q = 0, i = 0, w = 0 } = counts
  const found = { sessions: e, subscriptions: s, retained: r, queued: q, inflight: i, wills: w }
  return { problems: problems.texts, ...found }
}

/** What an entry is, and its key, by which it is found again. */
function named(key: string): string {
  return `${nouns[key[0]!]} (${key.slice(0, 40)})`
}

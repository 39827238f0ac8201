import { Stack } from '../../../lib/index.js'
import { clientCode, clientDigits, parseCode } from '../keys.js'
import { eachEntry, type LevelDb, prefixed } from '../level-db.js'
import { readPacket } from '../packet-codec.js'
import { asBuffer } from '../record-codec.js'
import { decodeNumber, decodeWill } from '../small-values.js'
import { type Counts, type ExportLine, exportFormat, exportVersion, noCounts } from './format.js'
import { messageJson } from './message-json.js'
import { Problems } from './problems.js'
import { SessionExport } from './session-export.js'
import { Walk } from './walk.js'

export interface ExportResult {
  readonly counts: Counts
  /** What could not be read and is left out. */
  readonly problems: Problems
}

const kindNames = { r: 'retained message', w: 'will' } as const

/** Takes a line; what it returns is waited for. */
export type TakeLine = (line: ExportLine) => Promise<void> | undefined

/** Clients by their numbers, and up to which sequence number a queue is about to be cleared away; 0: all of it. */
export interface Owners {
  readonly ids: ReadonlyMap<string, string>
  readonly cleared: ReadonlyMap<string, number>
}

/**
 * Tells a whole store that nobody uses, line by line, the same for the same content. Changes nothing. In memory there
 * are the client ids, a number for each message of several sessions, and a page of what is read.
 */
export async function exportStore(db: LevelDb, take: TakeLine): Promise<ExportResult> {
  const counts = noCounts()
  const problems = new Problems()
  let lines = -1
  const tell: TakeLine = line => {
    lines++
    return take(line)
  }
  /** What cannot be read is left out; what the reader throws is thrown. */
  const each = async (kind: 'r' | 'w', lineOf: (value: Buffer, name: string) => ExportLine) => {
    const walk = new Walk(db, kind, () => {})
    for (; await walk.reach(kind); walk.skip()) {
      const name = walk.key.slice(1)
      const line = problems.attempt(`the ${kindNames[kind]} of ${name}`, () => lineOf(walk.value, name))
      if (line) await tell(line)
    }
    await walk.close()
  }
  await tell({ format: exportFormat, version: exportVersion })
  const owners = await ownersOf(db)
  const sessions = await SessionExport.of(db, owners, { tell, counts, problems })
  try {
    for (const code of [...owners.ids.keys()].sort()) await sessions.tell(code)
    await sessions.end()
  } finally {
    await sessions.close()
  }
  const stack = new Stack()
  await each('r', value => {
    const message = messageJson(readPacket(value, 0, value.length, stack))
    counts.retained++
    return { type: 'retained', message }
  })
  await each('w', (value, name) => {
    const { clientId, packet, delay, dueAt } = decodeWill(name, value, stack)
    counts.wills++
    return { type: 'will', clientId, delay, dueAt, message: messageJson(packet) }
  })
  await tell({ type: 'end', lines })
  return { counts, problems }
}

async function ownersOf(db: LevelDb): Promise<Owners> {
  const ids = new Map<string, string>()
  const cleared = new Map<string, number>()
  await eachEntry(db, prefixed('c'), (key, value) => {
    ids.set(clientCode(decodeNumber(asBuffer(value))), key.slice(1))
  })
  await eachEntry(db, prefixed('x'), key => {
    const code = key.slice(1, 1 + clientDigits)
    const upTo = parseCode(key, 1 + clientDigits)
    const before = cleared.get(code)
    cleared.set(code, upTo === 0 || before === 0 ? 0 : Math.max(upTo, before ?? 0))
  })
  return { ids, cleared }
}

import { StackError } from '../../../lib/index.js'
import { formatKey } from '../keys.js'
import type { KeyRange, LevelBatch, LevelCursor, LevelDb } from '../level-db.js'
import { allData, openDb } from '../open-db.js'

/** What an import says the store is until it is complete: a broker takes it for somebody else's and refuses it. */
export const unfinishedImport = 'stackmq-import 1'

/** Entries removed at a time. */
const pageSize = 1000

/**
 * Opens a store that is there, to look at it.
 * @throws StackError STACK_STORAGE that says what to do
 */
export async function openForReading(db: LevelDb, directory: string): Promise<LevelDb> {
  const found = await opened(db, directory)
  if (found === 'store') return db
  await db.close()
  if (found === 'unfinished') {
    throw problem(
      `${directory} holds an import that did not finish: import it again, or remove the directory`
    )
  }
  throw problem(`${directory} holds no store yet: no broker has used it, so there is nothing to see`)
}

/**
 * Opens a directory for an import and makes sure that nothing is in it; an import that did not finish is removed.
 * @throws StackError STACK_STORAGE that says what to do
 */
export async function openForImport(db: LevelDb, directory: string): Promise<LevelDb> {
  const found = await opened(db, directory)
  try {
    if (found === 'unfinished') await clear(db)
    else if (found === 'store' && !(await isEmpty(db))) {
      throw problem(
        `${directory} holds the data of a broker already: import into a new directory, or move this one away`
      )
    }
    return db
  } catch (err) {
    await db.close()
    throw err
  }
}

/** Removes everything, and what says what it was last. */
export async function clear(db: LevelDb): Promise<void> {
  for (;;) {
    const cursor = db.iterator({ ...allData, limit: pageSize })
    const entries = await cursor.nextv(pageSize).finally(() => cursor.close())
    if (entries.length === 0) break
    const batch = db.batch()
    for (const [key] of entries) batch.del(key)
    await batch.write({ sync: false })
  }
  const batch = db.batch()
  for (const key of ['!seq', formatKey]) batch.del(key)
  await batch.write({ sync: true })
}

async function isEmpty(db: LevelDb): Promise<boolean> {
  const cursor = db.iterator({ ...allData, limit: 1 })
  const entries = await cursor.nextv(1).finally(() => cursor.close())
  return entries.length === 0
}

async function opened(db: LevelDb, directory: string): Promise<'store' | 'nothing' | 'unfinished'> {
  const looked = new Untouched(db)
  await openDb(looked, directory)
  return looked.found
}

/** What is only looked at: opening writes into an empty store what it is, and does not know what is unfinished. */
class Untouched implements LevelDb {
  found: 'store' | 'nothing' | 'unfinished' = 'store'
  readonly #db: LevelDb

  constructor(db: LevelDb) {
    this.#db = db
  }

  open(): Promise<void> {
    return this.#db.open()
  }

  close(): Promise<void> {
    return this.#db.close()
  }

  batch(): LevelBatch {
    this.found = 'nothing'
    return { put: () => {}, del: () => {}, write: async () => {} }
  }

  getSync(key: string): Uint8Array | undefined {
    const value = this.#db.getSync(key)
    if (key !== formatKey || value === undefined || Buffer.from(value).toString() !== unfinishedImport)
      return value
    this.found = 'unfinished'
    return Buffer.from('stackmq 0')
  }

  getMany(keys: string[]): Promise<Array<Uint8Array | undefined>> {
    return this.#db.getMany(keys)
  }

  iterator(range: KeyRange): LevelCursor {
    return this.#db.iterator(range)
  }

  compactRange(start: string, end: string): Promise<void> {
    return this.#db.compactRange(start, end)
  }
}

function problem(text: string): StackError {
  return new StackError('STACK_STORAGE', text, [text])
}

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StackError } from '../../lib/index.js'
import { formatKey } from './keys.js'
import { type LevelDb, prefixed } from './level-db.js'

/** Grows when an older version could not read what this one writes. */
export const formatVersion = 1

const product = 'stackmq'

/** Loads `level` only when somebody stores on disk: it brings a native library. */
export async function levelAt(directory: string): Promise<LevelDb> {
  refuseRemains(directory)
  const { Level } = await import('level')
  return new Level(directory, {
    ...{ keyEncoding: 'utf8', valueEncoding: 'buffer' },
    // A larger write buffer keeps the files of what came and went for longer, and is no faster.
    ...{ writeBufferSize: 4 * 1_048_576, cacheSize: 16 * 1_048_576 }
  }) as unknown as LevelDb
}

/**
 * Opens the store and checks that it is one that this version can read.
 * @throws StackError STACK_STORAGE that says what to do
 */
export async function openDb(db: LevelDb, directory: string): Promise<void> {
  try {
    await db.open()
  } catch (err) {
    throw explained(err as Error, directory)
  }
  try {
    await checkFormat(db, directory)
  } catch (err) {
    await db.close()
    throw err instanceof StackError ? err : explained(err as Error, directory)
  }
}

/** LevelDB makes a new database where the file is missing that names the others, and removes those. */
function refuseRemains(directory: string): void {
  if (!existsSync(directory) || existsSync(join(directory, 'CURRENT'))) return
  if (!statSync(directory).isDirectory()) return
  const remains = readdirSync(directory).filter(name => /^MANIFEST-|\.(ldb|sst|log)$/.test(name))
  if (remains.length === 0) return
  throw problem(
    `${directory} is damaged (its file CURRENT is missing): restore it from a backup, or move it away`
  )
}

/**
 * Bytes that LevelDB has left out when it was opened: a log that was damaged in its midst, not one that ends early, as a
 * crash leaves it. LevelDB says so in its own file and nowhere else.
 */
export function bytesLeftOut(directory: string): number {
  let bytes = 0
  const path = join(directory, 'LOG')
  const text = existsSync(path) ? readFileSync(path, 'latin1') : ''
  for (const [, dropped] of text.matchAll(/dropping (\d+) bytes/g)) bytes += Number(dropped)
  return bytes
}

async function checkFormat(db: LevelDb, directory: string): Promise<void> {
  const format = db.getSync(formatKey)
  if (format === undefined) {
    const cursor = db.iterator({ gte: '', lt: '\uffff', limit: 1 })
    const entries = await cursor.nextv(1)
    await cursor.close()
    if (entries.length > 0) {
      throw problem(`${directory} holds a database of another program: give a directory of its own`)
    }
    const batch = db.batch()
    batch.put(formatKey, Buffer.from(`${product} ${formatVersion}`))
    await batch.write({ sync: false })
    return
  }
  const [name, version] = Buffer.from(format).toString().split(' ')
  if (name === `${product}-import`) {
    throw problem(
      `${directory} holds an import that did not finish: import it again, or remove the directory`
    )
  }
  if (name !== product) {
    throw problem(`${directory} holds a database of another program: give a directory of its own`)
  }
  if (Number(version) <= formatVersion) return
  throw problem(
    `${directory} was written by a newer version (format ${version}, this one knows ${formatVersion}): ` +
      'start that version, or export the data with it and import them here'
  )
}

function explained(err: Error, directory: string): Error {
  const cause = (err.cause ?? err) as Error & { code?: string }
  if (isDamage(cause)) {
    return problem(
      `${directory} is damaged (${cause.message}): restore it from a backup, ` +
        'or move it away to begin with an empty one',
      cause
    )
  }
  switch (cause.code) {
    case 'LEVEL_LOCKED':
      return problem(
        `${directory} is in use by another broker: stop that one, or give this one a directory of its own`,
        cause
      )
    default:
      return problem(
        `${directory} cannot be opened (${cause.message}): check that it is a directory, ` +
          'that this user may write there, and that the disk is not full',
        cause
      )
  }
}

function problem(text: string, cause?: unknown): StackError {
  return new StackError('STACK_STORAGE', text, [text], cause)
}

/** Everything but what says whose store this is. */
export const allData = { gte: '"', lt: prefixed('~').lt }

/** A file is missing, or shorter than it was written. */
function isDamage({ code, message }: Error & { code?: string }): boolean {
  return code === 'LEVEL_CORRUPTION' || /(MANIFEST-\d+|\.ldb): (Invalid argument|No such file)/.test(message)
}

import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StackError } from '../../../lib/index.js'

/** Files that LevelDB makes. */
const ownFile = /^(CURRENT|LOCK|LOG|LOG\.old|MANIFEST-\d+|\d+\.(log|ldb|sst|dbtmp))$/

/** What a file system of its own has from the start. */
const harmless = ['lost+found']

/**
 * A directory that has a store in it; it is not made.
 * @throws StackError STACK_STORAGE that says what to do
 */
export function checkDirectory(directory: string): void {
  const names = namesIn(directory)
  if (names === null)
    throw problem(`${directory} does not exist: give the directory that a broker stores in (--data)`)
  if (names.includes('CURRENT')) return
  throw problem(`${directory} holds no store: give the directory that a broker stores in (--data)`)
}

/**
 * A directory for a new store, made when there is none.
 * @returns the first directory that was made, undefined for one that was there
 * @throws StackError STACK_STORAGE that says what to do
 */
export function prepareDirectory(directory: string): string | undefined {
  const names = namesIn(directory)
  if (names === null) return attempt(directory, () => mkdirSync(directory, { recursive: true }))
  const others = names.filter(name => !ownFile.test(name) && !harmless.includes(name))
  if (names.includes('CURRENT') || others.length === 0) return undefined
  throw problem(`${directory} holds other files (${others[0]}): give a new or an empty directory`)
}

/** Bytes of the files of a store. */
export function bytesOf(directory: string): number {
  return readdirSync(directory)
    .map(name => statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0)
}

/** null when there is no such directory. */
function namesIn(directory: string): string[] | null {
  return attempt(directory, () => {
    const found = statSync(directory, { throwIfNoEntry: false })
    if (!found) return null
    if (!found.isDirectory()) throw problem(`${directory} is a file: give a directory`)
    return readdirSync(directory)
  })
}

function attempt<T>(directory: string, work: () => T): T {
  try {
    return work()
  } catch (err) {
    if (err instanceof StackError) throw err
    throw problem(`${directory} cannot be used (${(err as Error).message}): check that this user may`, err)
  }
}

function problem(text: string, cause?: unknown): StackError {
  return new StackError('STACK_STORAGE', text, [text], cause)
}

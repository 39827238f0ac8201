import { createReadStream, rmSync } from 'node:fs'
import type { Readable } from 'node:stream'
import {
  type Counts,
  clear,
  Import,
  type LevelDb,
  LineError,
  levelAt,
  openForImport,
  prepareDirectory
} from '../../broker/stored-data.js'
import { failure, usageError } from '../command-error.js'
import type { CommandProcess } from '../process.js'
import type { DataStreams } from './command.js'
import { Interruption } from './interruption.js'
import { Lines } from './lines.js'
import { Progress } from './progress.js'
import { summaryOf } from './summary.js'

/** `stackmq data import DIR`. Resolves to the exit code. @throws CommandError with the line that is wrong */
export async function importData(
  directory: string,
  file: string | null,
  own: CommandProcess,
  input: DataStreams['input']
): Promise<number> {
  if (file === null && input.isTTY)
    throw usageError(['import reads an export: give it with --input FILE, or from a pipe'])
  const source = file === null ? input : await fileAt(file)
  // Who reads it hears of its errors, and nobody else has to.
  source.on('error', () => {})
  const made = prepareDirectory(directory)
  let complete = false
  try {
    const db = await openForImport(await levelAt(directory), directory)
    try {
      const counts = await read(db, source, file ?? 'standard input', own)
      complete = true
      await own.print(`imported ${summaryOf(counts)} into ${directory}\n`)
    } finally {
      // What is cut off says so itself should this fail, too.
      if (!complete && made === undefined) await clear(db).catch(() => {})
      await db.close()
    }
  } finally {
    source.destroy()
    if (!complete && made !== undefined) rmSync(made, { recursive: true, force: true })
  }
  return 0
}

async function read(db: LevelDb, source: Readable, name: string, own: CommandProcess): Promise<Counts> {
  const progress = new Progress(own)
  const lines = new Lines(source)
  const interruption = new Interruption(own, err => source.destroy(err))
  try {
    const importing = new Import(db)
    await importing.begin()
    for await (const line of lines) {
      interruption.check()
      progress.step('lines read')
      await importing.line(line)
    }
    interruption.check()
    return await importing.end()
  } catch (err) {
    if (!(err instanceof LineError)) throw err
    throw failure([`${name}, line ${lines.number}: ${err.message}`, 'nothing was imported'])
  } finally {
    progress.end()
  }
}

/** Opened before anything is made for it. */
async function fileAt(path: string) {
  const stream = createReadStream(path, { highWaterMark: 1_048_576 })
  try {
    await new Promise((resolve, reject) => stream.once('open', resolve).once('error', reject))
  } catch (err) {
    const { code, message } = err as NodeJS.ErrnoException
    throw failure([`--input ${path} ${code === 'ENOENT' ? 'does not exist' : `cannot be read: ${message}`}`])
  }
  return stream
}

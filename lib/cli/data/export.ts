import type { Writable } from 'node:stream'
import { checkDirectory, exportStore, levelAt, openForReading } from '../../broker/stored-data.js'
import type { CommandProcess } from '../process.js'
import { type Destination, FileDestination, StreamDestination } from './destination.js'
import { Interruption } from './interruption.js'
import { Progress } from './progress.js'
import { problemLines, summaryOf } from './summary.js'

/** `stackmq data export DIR`. Resolves to the exit code: 1 when something could not be read. */
export async function exportData(
  directory: string,
  file: string | null,
  own: CommandProcess,
  output: Writable
): Promise<number> {
  checkDirectory(directory)
  const db = await openForReading(await levelAt(directory), directory)
  const progress = new Progress(own)
  const interruption = new Interruption(own)
  let destination: Destination | null = null
  try {
    const made: Destination = file === null ? new StreamDestination(output) : await FileDestination.at(file)
    destination = made
    const { counts, problems } = await exportStore(db, line => {
      interruption.check()
      progress.step('lines written')
      return made.line(line)
    })
    await made.finish()
    destination = null
    progress.end()
    if (file !== null) await own.print(`exported ${summaryOf(counts)} to ${file}\n`)
    for (const text of problemLines(problems.texts, problems.count)) own.complain(`stackmq: ${text}\n`)
    return problems.count > 0 ? 1 : 0
  } finally {
    progress.end()
    await destination?.abandon()
    await db.close()
  }
}

import {
  bytesOf,
  type CheckResult,
  Contents,
  check,
  checkDirectory,
  levelAt,
  openForReading,
  Problems
} from '../../broker/stored-data.js'
import type { CommandProcess } from '../process.js'
import { Progress } from './progress.js'
import { grouped, problemLines } from './summary.js'

/** `stackmq data check DIR`. Resolves to the exit code: 1 when there are problems. */
export async function checkData(directory: string, own: CommandProcess): Promise<number> {
  checkDirectory(directory)
  const db = await openForReading(await levelAt(directory), directory)
  const progress = new Progress(own)
  const problems = new Problems()
  const contents = new Contents()
  try {
    const found = await check(db, {
      problems,
      see: (key, value) => {
        progress.step('records read')
        contents.see(key, value)
      }
    })
    progress.end()
    await own.print(reportOf(directory, found, contents, problems))
    return problems.count > 0 ? 1 : 0
  } finally {
    await db.close()
  }
}

function reportOf(directory: string, found: CheckResult, contents: Contents, problems: Problems): string {
  const { bytes, incoming, shared } = contents
  const rows: Array<[what: string, count: string, bytes: string]> = [
    ['', 'count', 'payload bytes'],
    ['sessions', grouped(found.sessions), ''],
    ['subscriptions', grouped(found.subscriptions), ''],
    ['retained messages', grouped(found.retained), grouped(bytes.retained)],
    ['queued messages', grouped(found.queued), grouped(bytes.queued)],
    ['in flight to clients', grouped(found.inflight), grouped(bytes.inflight)],
    ['in flight from clients', grouped(incoming), ''],
    ['wills', grouped(found.wills), grouped(bytes.wills)],
    ['stored once for several', grouped(shared), grouped(bytes.shared)],
    ['files on disk', '', grouped(bytesOf(directory))]
  ]
  const table = rows.map(([what, count, size]) =>
    `${what.padEnd(24)}${count.padStart(12)}${size.padStart(17)}`.trimEnd()
  )
  return `${[...table, '', ...verdict(directory, problems)].join('\n')}\n`
}

function verdict(directory: string, { texts, count }: Problems): string[] {
  if (count === 0) return ['no problems: everything can be read and fits together']
  return [
    `${count === 1 ? '1 problem' : `${grouped(count)} problems`}:`,
    ...problemLines(texts, count).map(text => `  ${text}`),
    '',
    'What can be read can be saved into a new directory, to start the broker with:',
    `  stackmq data export ${directory} | stackmq data import NEW`
  ]
}

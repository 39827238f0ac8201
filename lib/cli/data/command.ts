import type { Readable, Writable } from 'node:stream'
import { StackError } from '../../errors.js'
import { CommandError, failure } from '../command-error.js'
import type { CommandProcess } from '../process.js'
import { checkData } from './check.js'
import { exportData } from './export.js'
import { dataHelp } from './help.js'
import { importData } from './import.js'
import { dataSettings } from './settings.js'

/** Where lines come from and go to when no file is named. */
export interface DataStreams {
  readonly input: Readable & { readonly isTTY?: boolean }
  readonly output: Writable
}

/** `stackmq data`. Resolves to the exit code. @throws CommandError when it cannot run */
export async function dataCommand(
  args: readonly string[],
  own: CommandProcess,
  streams?: DataStreams
): Promise<number> {
  const { what, directory, file } = dataSettings(args)
  try {
    switch (what) {
      case 'help':
        await own.print(dataHelp())
        return 0
      case 'check':
        return await checkData(directory, own)
      case 'export':
        return await exportData(directory, file, own, streams?.output ?? process.stdout)
      case 'import':
        return await importData(directory, file, own, streams?.input ?? process.stdin)
    }
  } catch (err) {
    throw asCommandError(err)
  }
}

function asCommandError(err: unknown): unknown {
  if (err instanceof CommandError || !(err instanceof Error)) return err
  if (err instanceof StackError) return failure([err.problems[0] ?? err.message])
  // A disk that is full, or a file that is damaged, on the way.
  const { code } = err as NodeJS.ErrnoException
  return code === undefined ? err : failure([err.message])
}

import { accessSync, appendFileSync, constants, rmSync, statSync, writeFileSync } from 'node:fs'
import { failure } from './command-error.js'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'cannot be made: its folder does not exist',
  EACCES: 'may not be written by this user',
  EISDIR: 'is a folder'
}

/** Before the run: a report that nobody can keep is told at once. @throws CommandError */
export function checkOutput(path: string): void {
  attempt(path, () => {
    const found = statSync(path, { throwIfNoEntry: false })
    // Whoever reads a pipe would take the first close for the end.
    if (found && !found.isFile() && !found.isDirectory()) return accessSync(path, constants.W_OK)
    appendFileSync(path, '')
    // A run that fails leaves no empty report.
    if (!found) rmSync(path)
  })
}

/** @throws CommandError */
export function writeOutput(path: string, text: string): void {
  attempt(path, () => writeFileSync(path, text))
}

function attempt(path: string, write: () => void): void {
  try {
    write()
  } catch (err) {
    const { code = '', message } = err as NodeJS.ErrnoException
    throw failure([`--output ${path} ${reasons[code] ?? `cannot be written: ${message}`}`])
  }
}

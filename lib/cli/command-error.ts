/** What the user got wrong, in lines for people. `code` is what the process exits with. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly lines: readonly string[]
  readonly code: 1 | 2

  constructor(lines: readonly string[], code: 1 | 2) {
    super(lines.join('\n'))
    this.lines = lines
    this.code = code
  }
}

/** The command line, or the environment, is wrong. */
export function usageError(lines: readonly string[]): CommandError {
  return new CommandError(lines, 2)
}

/** The command line is fine; a file, a port or the like is not. */
export function failure(lines: readonly string[]): CommandError {
  return new CommandError(lines, 1)
}

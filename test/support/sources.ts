import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export interface SourceFile {
  /** From the root of the repository, with slashes. */
  readonly path: string
  readonly text: string
}

/** The source files of rooms of the repository: `sources('lib', 'middlewares')`. */
export function sources(...rooms: string[]): SourceFile[] {
  return rooms.flatMap(room => {
    if (!existsSync(join(root, room))) return []
    return readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter(name => /\.(ts|mjs|js)$/.test(name))
      .map(name => `${room}/${name.replaceAll('\\', '/')}`)
      .sort()
      .map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }))
  })
}

export function linesOf({ text }: SourceFile): number {
  return text.trimEnd().split('\n').length
}

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

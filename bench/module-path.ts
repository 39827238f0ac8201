import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A module beside another one, as a path: `.ts` in the sources, `.js` where they are built. */
export function modulePath(name: string, from: string): string {
  return fileURLToPath(new URL(`${name}${extname(from)}`, from))
}

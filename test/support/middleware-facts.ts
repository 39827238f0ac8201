import { builtInCallbacks, type Middleware } from '../../lib/index.js'
import * as exported from '../../middlewares/index.js'
import { sources } from './sources.js'

export interface MiddlewareFacts {
  readonly name: string
  readonly instance: Middleware
  readonly path: string
  readonly text: string
  /** The text of the comment above the class. */
  readonly comment: string
  /** Built-in callbacks it has methods for, in the order of their methods. */
  readonly handles: readonly string[]
  /** What it says it executes: `requires` and `executes`. */
  readonly executes: readonly string[]
}

/** What the code says of every middleware of the package. */
export function middlewareFacts(): MiddlewareFacts[] {
  const files = sources('middlewares')
  const known = new Set<string>(builtInCallbacks)
  return Object.entries(exported).map(([name, Kind]) => {
    const instance = new Kind() as Middleware
    const { path, text } = files.find(
      file => file.text.includes(`export class ${name}\n`) || file.text.includes(`export class ${name} `)
    )!
    return {
      ...{ name, instance, path, text },
      comment: commentAbove(text, `export class ${name}`),
      handles: Object.getOwnPropertyNames(Kind.prototype).filter(method => known.has(method)),
      executes: [...(instance.requires ?? []), ...(instance.executes ?? [])]
    }
  })
}

function commentAbove(text: string, declaration: string): string {
  const above = text.slice(0, text.indexOf(declaration))
  const comment = above.slice(above.lastIndexOf('/**'))
  return comment
    .replace(/\/?\*+\/?/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

/** The names after a word and a colon, to the end of the sentence: `Handles: a, b.` */
export function namesAfter(comment: string, word: string): string[] {
  const [, list = ''] = new RegExp(`\\b${word}: ([^.]*)\\.`).exec(comment) ?? []
  return list
    .split(',')
    .map(name => name.trim())
    .filter(Boolean)
}

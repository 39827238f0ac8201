import { escapeText } from './escape.js'

/** HTML that is safe to put into HTML: made by `html` only. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = Markup | string | number | null | readonly Part[]

/** A piece of HTML; every text that is put into it is escaped, markup is not, null is nothing. */
export function markup(pieces: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(pieces.map((piece, i) => piece + (i < parts.length ? shown(parts[i]!) : '')).join(''))
}

function shown(part: Part): string {
  if (part instanceof Markup) return part.text
  if (Array.isArray(part)) return part.map(shown).join('')
  return part === null ? '' : escapeText(String(part))
}

/** Control characters, and what turns the direction of text: a broker must not write to the terminal of a reader. */
const unseen = /(?![\t\n])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/gu

/** Text of a broker as it can be shown anywhere: what cannot be seen is escaped, but line breaks and tabs stay. */
export function visible(text: string): string {
  return text.replace(unseen, found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

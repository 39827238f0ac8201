const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const

export type Color = keyof typeof codes
export type Paint = (color: Color, text: string) => string

/** Colours for a terminal, or none. */
export function painter(color: boolean): Paint {
  return (name, text) => (color && text !== '' ? `\x1b[${codes[name]}m${text}\x1b[0m` : text)
}

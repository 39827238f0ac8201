/** Bytes that are no UTF-8, whatever stands before them. */
export const illFormed: ReadonlyArray<readonly [what: string, bytes: readonly number[]]> = [
  ['a stray continuation byte', [0x80]],
  ['the byte FF', [0xff]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['a character cut short', [0xe2, 0x82]]
]

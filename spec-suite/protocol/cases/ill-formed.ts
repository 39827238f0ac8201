import { type Bytes, raw } from '../bytes.js'

/** Bytes that are no UTF-8 [5.0: 1.5.4], each for another reason. */
export const illFormed: ReadonlyArray<readonly [why: string, bytes: Bytes]> = [
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['a pair of surrogates', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
  ['U+0000 in two bytes', [0xc0, 0x80]],
  ['a slash in three bytes', [0xe0, 0x80, 0xaf]],
  ['a character above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['a first byte that does not exist', [0xff]],
  ['a continuation without a beginning', [0x80]],
  ['a character cut off', [0xe2, 0x82]]
]

/** Text, and something in it that is no text. */
export function within(text: string, bytes: Bytes): Buffer {
  return raw(text, bytes)
}

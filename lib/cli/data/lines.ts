import { constants, isUtf8 } from 'node:buffer'
import { LineError } from '../../broker/stored-data.js'

/** The first line says what this is: what is something else need not be read to its first line feed. */
const longestFirst = 65_536
/** A string cannot be longer; no message of MQTT comes near. */
const longest = constants.MAX_STRING_LENGTH

const lineFeed = 0x0a

/** The lines of a stream, one at a time, without empty ones. `number` is that of the line that was read last. */
export class Lines {
  number = 0
  readonly #source: AsyncIterable<Buffer>

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source
  }

  /** @throws LineError for what is no text */
  async *[Symbol.asyncIterator](): AsyncGenerator<string, void> {
    let begun: Buffer[] = []
    let size = 0
    for await (const chunk of this.#source) {
      let from = 0
      for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
        begun.push(chunk.subarray(from, end))
        this.number++
        const text = textOf(begun)
        if (text !== '') yield text
        begun = []
        size = 0
        from = end + 1
      }
      begun.push(chunk.subarray(from))
      size += chunk.length - from
      if (size <= (this.number === 0 ? longestFirst : longest)) continue
      this.number++
      throw new LineError('it is too long for a line of an export')
    }
    this.number++
    const text = textOf(begun)
    if (text !== '') yield text
  }
}

function textOf(parts: readonly Buffer[]): string {
  const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  // It would be replaced, and nobody would notice.
  if (!isUtf8(bytes)) throw new LineError('it is not UTF-8')
  return bytes.toString().trim()
}

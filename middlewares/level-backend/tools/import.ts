import { formatKey, seqKey } from '../keys.js'
import type { LevelDb } from '../level-db.js'
import { formatVersion } from '../open-db.js'
import { encodeNumber, encodePacket, encodeRetainedInfo, encodeWill } from '../small-values.js'
import { Fields, LineError } from './fields.js'
import { type Counts, exportFormat, exportVersion, noCounts } from './format.js'
import { ImportWriter } from './import-writer.js'
import { unfinishedImport } from './opening.js'
import { maximumSeconds, readMessage } from './read-message.js'
import { SessionImport } from './session-import.js'

/**
 * Makes a store of an export, line by line. What says that this is a store is written last, so that nobody takes a part
 * of it for the whole. In memory there are two numbers for each message of several sessions, and one session's identifiers.
 */
export class Import {
  readonly counts: Counts = noCounts()
  readonly #writer: ImportWriter
  readonly #sessions: SessionImport
  readonly #takers: Readonly<Record<string, (fields: Fields) => void>>
  #lines = -1
  #ended = false

  /** `db`: with nothing in it, see openForImport(). */
  constructor(db: LevelDb) {
    this.#writer = new ImportWriter(db)
    const sessions = new SessionImport(this.#writer, this.counts)
    this.#sessions = sessions
    this.#takers = {
      session: fields => sessions.session(fields),
      inflight: fields => sessions.inflight(fields),
      incoming: fields => sessions.incoming(fields),
      queued: fields => sessions.queued(fields),
      retained: fields => this.#retained(fields),
      will: fields => this.#will(fields),
      end: fields => this.#end(fields)
    }
  }

  /** From here on a broker refuses it. */
  async begin(): Promise<void> {
    this.#writer.put(formatKey, Buffer.from(unfinishedImport))
    await this.#writer.flush(true)
  }

  /** What it returns is to be waited for. @throws LineError */
  line(text: string): Promise<void> | undefined {
    const fields = new Fields(parsed(text))
    if (this.#ended) throw new LineError('it comes after the end: there is one export in a file')
    if (this.#lines === -1) header(fields)
    else this.#takers[fields.oneOf('type', Object.keys(this.#takers))]!(fields)
    fields.end()
    this.#lines++
    if (this.#writer.isFull) return this.#writer.flush()
  }

  /** After the last line. Settles when the disk has it. @throws LineError when the end is missing */
  async end(): Promise<Counts> {
    if (!this.#ended) throw new LineError('it is missing: the export was cut before its end')
    await this.#sessions.end()
    this.#writer.put(seqKey, encodeNumber(this.#sessions.nextSeq))
    await this.#writer.flush(true)
    this.#writer.put(formatKey, Buffer.from(`stackmq ${formatVersion}`))
    await this.#writer.flush(true)
    return this.counts
  }

  #end(fields: Fields): void {
    this.#ended = fields.integer('lines', 0, Number.MAX_SAFE_INTEGER) === this.#lines
    if (!this.#ended)
      throw fields.wrong(
        'lines',
        fields.any('lines'),
        `${this.#lines}, or what the export has lost on its way`
      )
  }

  #retained(fields: Fields): void {
    const packet = readMessage(fields.object('message'))
    const { topic, expiresAt, payloadLength } = packet
    if (payloadLength === 0) throw new LineError('message.payload is empty: such a message is not retained')
    if (!this.#writer.putNew(`r${topic}`, encodePacket(packet)))
      throw new LineError(`the retained message of ${topic} was given before`)
    this.#writer.put(`t${topic}`, encodeRetainedInfo({ bytes: payloadLength, expiresAt }))
    this.counts.retained++
  }

  #will(fields: Fields): void {
    const clientId = fields.text('clientId')
    const delay = fields.integer('delay', 0, maximumSeconds)
    const dueAt = fields.integerOrNull('dueAt', 0, Number.MAX_SAFE_INTEGER)
    const packet = readMessage(fields.object('message'))
    if (!this.#writer.putNew(`w${clientId}`, encodeWill({ clientId, packet, delay, dueAt })))
      throw new LineError(`the will of ${clientId} was given before`)
    this.counts.wills++
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (err) {
    throw new LineError(`it is no JSON (${(err as Error).message})`)
  }
}

function header(fields: Fields): void {
  if (!fields.has('format') || fields.any('format') !== exportFormat) {
    throw new LineError(`it is not the beginning of an export: {"format":"${exportFormat}","version":1}`)
  }
  const version = fields.integer('version', 1, Number.MAX_SAFE_INTEGER)
  if (version > exportVersion)
    throw new LineError(
      `the export is of a newer version (format ${version}, this one knows ${exportVersion}): ` +
        'import it with the version that wrote it'
    )
}

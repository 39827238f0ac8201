import { realpathSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open, rename } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { failure } from '../command-error.js'
import { checkOutput } from '../output.js'

/** Characters that are written at a time. */
const chunkSize = 65_536

/** Where the lines of an export go. No more than one chunk is under way: who reads slowly slows the export down. */
export abstract class Destination {
  #text = ''

  /** What it returns is to be waited for. */
  line(value: object): Promise<void> | undefined {
    this.#text += `${JSON.stringify(value)}\n`
    if (this.#text.length >= chunkSize) return this.#flush()
  }

  /** All lines have been given. */
  async finish(): Promise<void> {
    await this.#flush()
    await this.complete()
  }

  /** It could not be completed. */
  abstract abandon(): Promise<void>
  protected abstract write(text: string): Promise<void>
  protected abstract complete(): Promise<void>

  #flush(): Promise<void> {
    const text = this.#text
    this.#text = ''
    return this.write(text)
  }
}

/** Standard output. */
export class StreamDestination extends Destination {
  readonly #stream: Writable
  readonly #ignore = () => {}

  constructor(stream: Writable) {
    super()
    this.#stream = stream
    // The error comes with the write that it belongs to.
    stream.on('error', this.#ignore)
  }

  protected override write(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(text, err => (err ? reject(gone(err)) : resolve()))
    })
  }

  protected override async complete(): Promise<void> {
    this.#stream.off('error', this.#ignore)
  }

  override async abandon(): Promise<void> {}
}

function gone(err: Error): Error {
  const { code = '' } = err as NodeJS.ErrnoException
  if (code !== 'EPIPE' && code !== 'ERR_STREAM_DESTROYED') return err
  return failure(['the export is not complete: its reader has gone'])
}

/** A file that is there, or replaced, when the export is complete and the disk has it. */
export class FileDestination extends Destination {
  readonly #path: string
  /** Where it is written; the same for what is no file, a pipe for one. */
  readonly #partial: string
  readonly #handle: FileHandle

  private constructor(path: string, partial: string, handle: FileHandle) {
    super()
    this.#path = path
    this.#partial = partial
    this.#handle = handle
  }

  /** @throws CommandError */
  static async at(path: string): Promise<FileDestination> {
    checkOutput(path)
    const found = statSync(path, { throwIfNoEntry: false })
    const target = found ? realpathSync(path) : path
    const partial = found && !found.isFile() ? target : `${target}.part`
    return new FileDestination(target, partial, await open(partial, 'w'))
  }

  override async abandon(): Promise<void> {
    await this.#handle.close()
    if (this.#isFile) rmSync(this.#partial, { force: true })
  }

  protected override async write(text: string): Promise<void> {
    await this.#handle.writeFile(text)
  }

  protected override async complete(): Promise<void> {
    if (this.#isFile) await this.#handle.sync()
    await this.#handle.close()
    if (this.#isFile) await rename(this.#partial, this.#path)
  }

  get #isFile(): boolean {
    return this.#partial !== this.#path
  }
}

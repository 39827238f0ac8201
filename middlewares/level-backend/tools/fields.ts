import { isTopicName } from '../../../lib/topics/index.js'

/** What is wrong with a line of an import; the text follows its number. */
export class LineError extends Error {}

/** The longest string of MQTT, in UTF-8 bytes. */
const longestString = 65_535

/** Takes the fields of an object one by one, and says what is wrong with them. */
export class Fields {
  readonly #object: Readonly<Record<string, unknown>>
  /** What stands before the names of fields in messages. */
  readonly #path: string
  readonly #left: Set<string>

  /** @throws LineError when it is no object */
  constructor(value: unknown, name = '') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new LineError(`${name || 'it'} is ${shown(value)}: give an object`)
    }
    this.#object = value as Record<string, unknown>
    this.#path = name === '' ? '' : `${name}.`
    this.#left = new Set(Object.keys(value))
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object, name)
  }

  any(name: string): unknown {
    if (!this.has(name)) throw new LineError(`${this.#path}${name} is missing`)
    this.#left.delete(name)
    return this.#object[name]
  }

  integer(name: string, low: number, high: number): number {
    const value = this.any(name)
    if (Number.isInteger(value) && (value as number) >= low && (value as number) <= high)
      return value as number
    throw this.wrong(name, value, `an integer from ${low} to ${high}`)
  }

  /** The same, or null. */
  integerOrNull(name: string, low: number, high: number): number | null {
    return this.any(name) === null ? null : this.integer(name, low, high)
  }

  flag(name: string): boolean {
    const value = this.any(name)
    if (typeof value === 'boolean') return value
    throw this.wrong(name, value, 'true or false')
  }

  oneOf<T extends string>(name: string, choices: readonly T[]): T {
    const value = this.any(name)
    if (choices.includes(value as T)) return value as T
    throw this.wrong(name, value, choices.join(' or '))
  }

  /** What MQTT takes for a string. */
  text(name: string): string {
    const value = this.any(name)
    const problem = textProblem(value)
    if (problem === null) return value as string
    throw this.wrong(name, value, problem)
  }

  topic(name: string): string {
    const value = this.any(name)
    if (typeof value === 'string' && isTopicName(value)) return value
    throw this.wrong(name, value, 'a topic, which has 1 to 65535 bytes and no wildcards')
  }

  object(name: string): Fields {
    return new Fields(this.any(name), `${this.#path}${name}`)
  }

  list(name: string): unknown[] {
    const value = this.any(name)
    if (Array.isArray(value)) return value
    throw this.wrong(name, value, 'an array')
  }

  /** Objects of an array. */
  objects(name: string): Fields[] {
    return this.list(name).map((value, i) => new Fields(value, `${this.#path}${name}[${i}]`))
  }

  /** `{ "utf8": … }` or `{ "base64": … }` */
  bytes(name: string): Buffer {
    const fields = this.object(name)
    const [encoding] = ['utf8', 'base64'].filter(one => fields.has(one)) as BufferEncoding[]
    if (!encoding) throw this.wrong(name, this.#object[name], '{ "utf8": … } or { "base64": … }')
    const text = fields.any(encoding)
    fields.end()
    const bytes = typeof text === 'string' ? Buffer.from(text, encoding) : null
    if (bytes?.toString(encoding) === text) return bytes!
    const wanted = encoding === 'utf8' ? 'a text without unpaired surrogates' : 'base64 with its padding'
    throw this.wrong(`${name}.${encoding}`, text, wanted)
  }

  /** What nobody took is misspelt, or of a newer version: dropping it could lose something. */
  end(): void {
    const [name] = this.#left
    if (name !== undefined) throw new LineError(`${this.#path}${name} is no field of it: remove or rename it`)
  }

  wrong(name: string, value: unknown, wanted: string): LineError {
    return new LineError(`${this.#path}${name} is ${shown(value)}: give ${wanted}`)
  }
}

/** What to give instead of a value that is no string of MQTT [5.0 MQTT-1.5.4-1] [5.0 MQTT-1.5.4-2]. */
export function textProblem(value: unknown): string | null {
  if (typeof value !== 'string') return 'a text'
  if (/\p{Surrogate}|\0/u.test(value)) return 'a text without U+0000 and unpaired surrogates'
  return Buffer.byteLength(value) > longestString ? `a text of at most ${longestString} bytes` : null
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

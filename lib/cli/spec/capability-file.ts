import type { BrokerFacts } from '../../../spec-suite/protocol/broker/facts.js'
import { suiteCases } from '../../../spec-suite/protocol/cases/index.js'
import { targetOf } from '../../../spec-suite/protocol/link/target.js'
import { didYouMean } from '../suggest.js'
import { anyText, factShapes, methodShapes, type Shape, text } from './fact-shapes.js'
import { parseJson } from './json-text.js'

/** The same broker with other settings. */
export interface AlsoEntry {
  readonly url: string
  readonly username?: string
  readonly password?: string
  readonly capabilities?: Partial<BrokerFacts>
}

export interface CapabilityFile {
  readonly capabilities?: Partial<BrokerFacts>
  readonly knownFailures?: Readonly<Record<string, string>>
  readonly also?: readonly AlsoEntry[]
}

/** Reads a capability file; with problems there is no file. */
export function capabilityFile(path: string, content: string): { file: CapabilityFile; problems: string[] } {
  try {
    const value = parseJson(content)
    const problems = new Judge().file(value)
    return { file: problems.length > 0 ? {} : (value as CapabilityFile), problems: problems.map(at(path)) }
  } catch (err) {
    if (!(err instanceof TypeError)) throw err
    return { file: {}, problems: [`${path} ${err.message}`] }
  }
}

function at(path: string): (problem: string) => string {
  return problem => `${path}: ${problem}`
}

type Check = (value: unknown, name: string) => void

/** Collects everything that is wrong. */
class Judge {
  readonly #problems: string[] = []

  file(value: unknown): readonly string[] {
    this.#fields(value, '', {
      capabilities: (given, name) => this.#facts(given, name),
      knownFailures: (given, name) => this.#knownFailures(given, name),
      also: (given, name) => this.#also(given, name)
    })
    return this.#problems
  }

  #facts(value: unknown, name: string): void {
    this.#fields(value, name, {
      ...this.#checks(factShapes),
      enhancedAuthentication: (given, name) => {
        if (given === null) return
        this.#fields(given, name, this.#checks(methodShapes), ['method', 'answers', 'wrong'])
      }
    })
  }

  #knownFailures(value: unknown, name: string): void {
    const names = [...new Set(suiteCases.flatMap(one => [one.id, one.name]))]
    for (const [id, reason] of this.#entries(value, name)) {
      if (!names.includes(id))
        this.#problems.push(`${name}: there is no case '${id}'${didYouMean(id, names)}`)
      else this.#fits(text, reason, `${name}['${id}']`)
    }
  }

  #also(value: unknown, name: string): void {
    if (!Array.isArray(value)) return void this.#problems.push(`${name} is no list`)
    for (const [i, one] of value.entries()) {
      const checks = {
        url: (given: unknown, name: string) => this.#url(given, name),
        ...this.#checks({ username: anyText, password: anyText }),
        capabilities: (given: unknown, name: string) => this.#facts(given, name)
      }
      this.#fields(one, `${name}[${i}]`, checks, ['url'])
    }
  }

  #url(value: unknown, name: string): void {
    try {
      targetOf(String(value))
    } catch (err) {
      this.#problems.push(`${name}: ${(err as Error).message}`)
    }
  }

  #checks(shapes: Readonly<Record<string, Shape>>): Record<string, Check> {
    return Object.fromEntries(
      Object.entries(shapes).map(([key, shape]) => [key, (value, name) => this.#fits(shape, value, name)])
    )
  }

  #fits(shape: Shape, value: unknown, name: string): void {
    if (!shape.fits(value)) this.#problems.push(`${name} is ${JSON.stringify(value)}: give ${shape.text}`)
  }

  /** An object with no other fields than these, each of them checked. */
  #fields(
    value: unknown,
    name: string,
    checks: Readonly<Record<string, Check>>,
    required: readonly string[] = []
  ): void {
    const entries = this.#entries(value, name)
    const keys = Object.keys(checks)
    const path = (key: string) => (name === '' ? key : `${name}.${key}`)
    for (const [key, given] of entries) {
      const check = Object.hasOwn(checks, key) ? checks[key] : undefined
      if (check) check(given, path(key))
      else {
        const known = didYouMean(key, keys) || `: there are ${keys.join(', ')}`
        this.#problems.push(`unknown key '${path(key)}'${known}`)
      }
    }
    if (!isObject(value)) return
    for (const key of required) if (!Object.hasOwn(value, key)) this.#problems.push(`${path(key)} is missing`)
  }

  #entries(value: unknown, name: string): Array<[string, unknown]> {
    if (isObject(value)) return Object.entries(value)
    this.#problems.push(`${name || 'the file'} is no object`)
    return []
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

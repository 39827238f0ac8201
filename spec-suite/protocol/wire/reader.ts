import { isUtf8 } from 'node:buffer'
import type { ReceivedProperties } from './received.js'
import { legalProperties, notZero, type PropertyKind, propertyTable, zeroOrOne } from './rules.js'
import { type Rule, rules } from './violation.js'

/** The packet is shorter than it says: nothing in it can be read. */
export class Broken extends Error {}

type Tell = (text: string, rule?: Rule) => void

/** Reads the fields of one packet from a broker, strictly, and tells what is wrong with them. */
export class Reader {
  readonly #name: string
  readonly #body: Buffer
  readonly #tell: Tell
  at = 0

  constructor(name: string, body: Buffer, tell: Tell) {
    this.#name = name
    this.#body = body
    this.#tell = tell
  }

  get left(): number {
    return this.#body.length - this.at
  }

  number(size: 1 | 2 | 4): number {
    return this.bytes(size).readUIntBE(0, size)
  }

  bytes(length: number): Buffer {
    if (length > this.left) throw new Broken(`${this.#name} ends inside a field`)
    this.at += length
    return this.#body.subarray(this.at - length, this.at)
  }

  binary(): Buffer {
    return this.bytes(this.number(2))
  }

  text(what: string): string {
    const bytes = this.binary()
    if (!isUtf8(bytes)) this.#tell(`${what} of ${this.#name} is no UTF-8`, rules.utf8)
    if (bytes.includes(0)) this.#tell(`${what} of ${this.#name} has U+0000 in it`, rules.nul)
    return bytes.toString()
  }

  varint(): number {
    let value = 0
    for (let count = 0; ; count++) {
      if (count === 4) throw new Broken(`a variable byte integer of ${this.#name} has more than four bytes`)
      const byte = this.number(1)
      value += (byte & 127) * 128 ** count
      if (byte > 127) continue
      if (byte === 0 && count > 0)
        this.#tell(`a variable byte integer of ${this.#name} is longer than needed`, rules.minimal)
      return value
    }
  }

  properties(): ReceivedProperties {
    const found: ReceivedProperties = { userProperties: [], subscriptionIdentifiers: [] }
    const length = this.varint()
    const end = this.at + length
    if (length > this.left) throw new Broken(`the property length of ${this.#name} is wrong`)
    const seen = new Set<number>()
    while (this.at < end) {
      const id = this.varint()
      const known: readonly [string, PropertyKind] | undefined =
        propertyTable[id as keyof typeof propertyTable]
      if (!known) throw new Broken(`${this.#name} has the unknown property ${id}`)
      const [name, kind] = known
      if (!legalProperties[this.#name]?.includes(id)) this.#foreign(name)
      if (seen.has(id) && id !== 38 && !(id === 11 && this.#name === 'publish')) {
        this.#tell(`${this.#name} has the property ${name} twice`, rules.length)
      }
      seen.add(id)
      this.#property(found, id, name, kind)
    }
    if (this.at > end)
      throw new Broken(`the last property of ${this.#name} goes on beyond the property length`)
    return found
  }

  #foreign(name: string): void {
    const rule = name === 'sessionExpiryInterval' && this.#name === 'disconnect' ? '3.14.2-2' : '4.13.1-1'
    this.#tell(`${this.#name} has the property ${name}, which it cannot have`, { '5.0': rule })
  }

  #property(found: ReceivedProperties, id: number, name: string, kind: PropertyKind): void {
    if (kind === 'pair') {
      found.userProperties.push([
        this.text('the name of a user property'),
        this.text('the value of a user property')
      ])
      return
    }
    const value = this.#value(name, kind)
    if ((zeroOrOne.has(id) && (value as number) > 1) || (notZero.has(id) && value === 0)) {
      const rule = id === 35 ? '3.3.2-8' : '4.13.1-1'
      this.#tell(`${this.#name} has ${name} ${value}`, { '5.0': rule })
    }
    if (id === 11) found.subscriptionIdentifiers.push(value as number)
    else Object.assign(found, { [name]: value })
  }

  #value(name: string, kind: Exclude<PropertyKind, 'pair'>): number | string | Buffer {
    if (kind === 'varint') return this.varint()
    if (kind === 'text') return this.text(name)
    if (kind === 'data') return this.binary()
    return this.number(kind)
  }
}

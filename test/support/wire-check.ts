import { isUtf8 } from 'node:buffer'
import { Frames } from './frames.js'
import { legalCodes, legalProperties } from './wire-rules.js'

type Version = 3 | 4 | 5

/** What the client said it takes. */
export interface ClientLimits {
  maximumPacketSize: number
  receiveMaximum: number
  topicAliasMaximum: number
  problemInformation: boolean
}

const names: Record<number, string> = {
  ...{ 2: 'connack', 3: 'publish', 4: 'puback', 5: 'pubrec', 6: 'pubrel', 7: 'pubcomp' },
  ...{ 9: 'suback', 11: 'unsuback', 13: 'pingresp', 14: 'disconnect', 15: 'auth' }
}

/**
 * Judges every byte a broker sends on one connection, with a decoder of its own that knows only the specification.
 * `violations` are sentences with the ids of the statements.
 */
export class WireCheck {
  readonly violations: string[] = []
  readonly limits: ClientLimits = {
    ...{
      maximumPacketSize: 0xffff_ffff,
      receiveMaximum: 65_535,
      topicAliasMaximum: 0,
      problemInformation: true
    }
  }
  /** Identifiers of messages the broker has under way to this client. */
  readonly open = new Set<number>()
  /** Filters of each SUBSCRIBE and UNSUBSCRIBE that was sent, by packet identifier. */
  readonly asked = new Map<number, number>()
  readonly #version: Version
  readonly #frames: Frames
  readonly #aliases = new Set<number>()
  #connacked = false
  #over: string | null = null

  constructor(version: Version) {
    this.#version = version
    this.#frames = new Frames((frame, bodyAt, minimal) => {
      if (!minimal) this.#wrong('a remaining length is longer than needed [5.0 MQTT-1.5.5-1]')
      this.#judge(frame, bodyAt)
    })
  }

  push(chunk: Buffer): void {
    this.#frames.push(chunk)
  }

  #wrong(text: string): void {
    this.violations.push(text)
  }

  #judge(frame: Buffer, bodyAt: number): void {
    const type = frame[0]! >> 4
    const name = names[type]
    const body = frame.subarray(bodyAt)
    if (!name || (this.#version < 5 && type > 13)) {
      this.#wrong(`a server does not send packet type ${type}`)
      return
    }
    if (this.#over) this.#wrong(`${name} after ${this.#over} [5.0 MQTT-3.14.4-1] [5.0 MQTT-3.1.4-6]`)
    if (type !== 2 && type !== 15 && !this.#connacked)
      this.#wrong(`${name} before CONNACK [5.0 MQTT-3.2.0-1]`)
    if (frame.length > this.limits.maximumPacketSize) {
      this.#wrong(`${name} of ${frame.length} bytes is over the maximum packet size [5.0 MQTT-3.1.2-24]`)
    }
    const flags = frame[0]! & 15
    if (type !== 3 && flags !== (type === 6 ? 2 : 0))
      this.#wrong(`${name} with flags ${flags} [5.0 MQTT-2.1.3-1] [3.1.1 MQTT-2.2.2-1]`)
    if (type === 2) this.#connack(body)
    else if (type === 3) this.#publish(flags, body)
    else if (type <= 7) this.#ack(name, body)
    else if (type === 9 || type === 11) this.#suback(name, body)
    else if (type === 13) {
      if (body.length > 0) this.#wrong('a PINGRESP is not empty')
    } else this.#last(name, body)
  }

  #connack(body: Buffer): void {
    const [flags = 255, code = 255] = body
    if (this.#connacked) this.#wrong('a second CONNACK [5.0 MQTT-3.2.0-2]')
    this.#connacked = true
    if (flags > 1) this.#wrong('reserved bits in the flags of CONNACK [5.0 MQTT-3.2.2-1]')
    const legal = this.#version === 5 ? legalCodes.connack!.has(code) : code <= 5
    if (!legal) this.#wrong(`CONNACK ${code} [5.0 MQTT-3.2.2-8]`)
    if (code !== 0 && flags !== 0) this.#wrong('Session Present in a refusal [5.0 MQTT-3.2.2-6]')
    if (code !== 0) this.#over = 'a CONNACK that refused'
    if (this.#version === 5) this.#properties('connack', body, 2)
    else if (body.length !== 2) this.#wrong('CONNACK has not two bytes')
  }

  #publish(flags: number, body: Buffer): void {
    const qos = (flags >> 1) & 3
    if (qos === 3) this.#wrong('a PUBLISH of QoS 3 [5.0 MQTT-3.3.1-4]')
    if (qos === 0 && flags & 8) this.#wrong('DUP on QoS 0 [5.0 MQTT-3.3.1-2]')
    const end = 2 + body.readUInt16BE(0)
    const topic = body.subarray(2, end)
    if (!isUtf8(topic) || topic.includes(0)) this.#wrong('a topic is no UTF-8 string [5.0 MQTT-3.3.2-1]')
    if (topic.includes(0x2b) || topic.includes(0x23)) this.#wrong('a topic has wildcards [5.0 MQTT-3.3.2-2]')
    let at = end
    if (qos > 0) {
      this.#opened(body.readUInt16BE(at), (flags & 8) > 0)
      at += 2
    }
    if (this.#version < 5) {
      if (topic.length === 0) this.#wrong('a topic is empty [5.0 MQTT-4.7.3-1]')
      return
    }
    const seen = this.#properties('publish', body, at, false)
    const alias = seen.get(0x23)
    if (alias === undefined) {
      if (topic.length === 0) this.#wrong('neither topic nor alias')
      return
    }
    if (alias === 0 || alias > this.limits.topicAliasMaximum) {
      this.#wrong(`topic alias ${alias} [5.0 MQTT-3.1.2-26] [5.0 MQTT-3.1.2-27] [5.0 MQTT-3.3.2-8]`)
    }
    if (topic.length === 0 && !this.#aliases.has(alias)) this.#wrong(`alias ${alias} was not set up`)
    this.#aliases.add(alias)
  }

  #opened(id: number, again: boolean): void {
    if (id === 0) this.#wrong('a packet identifier is 0 [5.0 MQTT-2.2.1-4]')
    if (!again && this.open.has(id)) this.#wrong(`identifier ${id} is in use [5.0 MQTT-2.2.1-4]`)
    this.open.add(id)
    if (this.open.size > this.limits.receiveMaximum) {
      this.#wrong(`${this.open.size} messages are open [5.0 MQTT-3.3.4-9] [5.0 MQTT-4.9.0-2]`)
    }
  }

  #ack(name: string, body: Buffer): void {
    if (body.readUInt16BE(0) === 0) this.#wrong(`${name} with identifier 0`)
    if (this.#version < 5) {
      if (body.length !== 2) this.#wrong(`${name} has not two bytes`)
      return
    }
    if (body.length === 2) return
    if (!legalCodes[name]!.has(body[2]!)) this.#wrong(`${name} ${body[2]} is no reason code of it`)
    if (body.length > 3) this.#properties(name, body, 3)
  }

  #suback(name: string, body: Buffer): void {
    const id = body.readUInt16BE(0)
    const asked = this.asked.get(id)
    let at = 2
    if (this.#version === 5) at = this.#properties(name, body, 2, false).end
    else if (name === 'unsuback') {
      if (body.length !== 2) this.#wrong('UNSUBACK has not two bytes')
      return
    }
    const codes = [...body.subarray(at)]
    if (asked !== undefined && codes.length !== asked) {
      this.#wrong(
        `${name} has ${codes.length} codes for ${asked} filters [5.0 MQTT-3.8.4-6] [5.0 MQTT-3.11.3-2]`
      )
    }
    const legal = this.#version === 5 ? legalCodes[name]! : new Set([0, 1, 2, 0x80])
    for (const code of codes)
      if (!legal.has(code)) this.#wrong(`${name} ${code} [5.0 MQTT-3.9.3-2] [3.1.1 MQTT-3.9.3-2]`)
  }

  #last(name: string, body: Buffer): void {
    const code = body[0] ?? 0
    if (!legalCodes[name]!.has(code)) this.#wrong(`${name} ${code} [5.0 MQTT-3.14.2-1] [5.0 MQTT-3.15.2-1]`)
    if (body.length > 1) this.#properties(name, body, 1)
    if (name === 'disconnect') this.#over = 'DISCONNECT'
  }

  /** Properties by id, and where they end. `toEnd`: nothing may follow them. */
  #properties(name: string, body: Buffer, from: number, toEnd = true): Map<number, number> & { end: number } {
    const seen = Object.assign(new Map<number, number>(), { end: body.length })
    const text = (at: number): number => {
      const end = at + 2 + body.readUInt16BE(at)
      const bytes = body.subarray(at + 2, end)
      if (!isUtf8(bytes) || bytes.includes(0)) this.#wrong(`${name}: a string is no UTF-8 [5.0 MQTT-1.5.4-1]`)
      return end
    }
    const [length, start] = this.#varint(body, from)
    seen.end = start + length
    if (seen.end > body.length || (toEnd && seen.end !== body.length)) {
      this.#wrong(`${name}: the property length is wrong [5.0 MQTT-2.2.2-1]`)
      return seen
    }
    for (let at = start; at < seen.end; ) {
      const id = body[at++]!
      const kind = legalProperties[name]?.[id]
      if (!kind) {
        this.#wrong(`${name} with property 0x${id.toString(16)}`)
        break
      }
      if (seen.has(id) && id !== 0x26 && !(id === 0x0b && name === 'publish'))
        this.#wrong(`${name}: ${id} twice`)
      if ((id === 0x1f || id === 0x26) && !this.#maySayWhy(name)) {
        this.#wrong(`${name} says why, and the client did not ask [5.0 MQTT-3.1.2-29]`)
      }
      let value = 0
      if (kind === 'text') at = text(at)
      else if (kind === 'pair') at = text(text(at))
      else if (kind === 'data') at += 2 + body.readUInt16BE(at)
      else if (kind === 'varint') [value, at] = this.#varint(body, at)
      else {
        value = body.readUIntBE(at, kind)
        at += kind
      }
      seen.set(id, value)
      if (at > seen.end) this.#wrong(`${name}: property ${id} goes on beyond the properties`)
    }
    return seen
  }

  #maySayWhy(name: string): boolean {
    return this.limits.problemInformation || ['connack', 'publish', 'disconnect'].includes(name)
  }

  #varint(body: Buffer, from: number): [value: number, next: number] {
    let value = 0
    let at = from
    for (let shift = 0; ; shift += 7) {
      const byte = body[at++]!
      value += (byte & 127) * 2 ** shift
      if (byte > 127) continue
      if (byte === 0 && shift > 0)
        this.#wrong('a variable byte integer is longer than needed [5.0 MQTT-1.5.5-1]')
      return [value, at]
    }
  }
}

import type { Publish, QoS } from '../../../lib/index.js'
import { clientCode, idCode, seqCode } from '../keys.js'
import { Payload } from '../payload.js'
import { MessagePut } from '../put.js'
import { encodeRecord } from '../record-codec.js'
import {
  encodeNumber,
  encodePacket,
  encodeSession,
  encodeSubscription,
  encodeUsage,
  nothing
} from '../small-values.js'
import { type Fields, LineError } from './fields.js'
import type { Counts } from './format.js'
import type { ImportWriter } from './import-writer.js'
import { maximumIdentifier, maximumSeconds, readMessage, readQos, readSubscription } from './read-message.js'

/** Takes the lines of sessions: the number of a client is that of its line, so its entries have the order of the lines. */
export class SessionImport {
  readonly #writer: ImportWriter
  readonly #counts: Counts
  #clientId: string | null = null
  #number = 0
  #code = ''
  /** A number that is greater than every one before. */
  #seq = 1
  #queued = { count: 0, bytes: 0, first: 0 }
  readonly #sent = new Set<number>()
  readonly #received = new Set<number>()
  /** Of each message of several sessions: bytes of its payload, and how many records refer to it. */
  readonly #sizes: number[] = []
  readonly #references: number[] = []

  constructor(writer: ImportWriter, counts: Counts) {
    this.#writer = writer
    this.#counts = counts
  }

  /** Numbers from here on were never used. */
  get nextSeq(): number {
    return Math.max(this.#seq, this.#sizes.length + 1)
  }

  session(fields: Fields): void {
    this.endSession()
    const clientId = fields.text('clientId')
    if (clientId === '') throw fields.wrong('clientId', clientId, 'the id of a client')
    const expiryInterval = fields.integerOrNull('expiryInterval', 0, maximumSeconds)
    const expiresAt = fields.integerOrNull('expiresAt', 0, Number.MAX_SAFE_INTEGER)
    if (expiryInterval === null && expiresAt !== null)
      throw fields.wrong('expiresAt', expiresAt, 'null, as there is no expiryInterval')
    const number = ++this.#number
    if (!this.#writer.putNew(`c${clientId}`, encodeNumber(number)))
      throw new LineError(`the session of ${clientId} was given before`)
    this.#clientId = clientId
    this.#code = clientCode(number)
    if (expiryInterval !== null) {
      this.#writer.put(`e${this.#code}`, encodeSession({ clientId, expiryInterval, expiresAt }))
      this.#counts.sessions++
    }
    const filters = new Set<string>()
    for (const subscription of fields.objects('subscriptions').map(readSubscription)) {
      const { topic } = subscription
      if (filters.has(topic)) throw new LineError(`the subscription to ${topic} is given twice`)
      filters.add(topic)
      this.#writer.put(`s${this.#code}${topic}`, encodeSubscription(subscription))
      this.#counts.subscriptions++
    }
  }

  inflight(fields: Fields): void {
    this.#own(fields)
    const messageId = newId(fields, this.#sent)
    const awaits = fields.oneOf('awaits', ['puback', 'pubrec', 'pubcomp'])
    const qos = readQos(fields, 1)
    if ((qos === 1) !== (awaits === 'puback')) {
      throw fields.wrong('awaits', awaits, qos === 1 ? 'puback, for QoS 1' : 'pubrec or pubcomp, for QoS 2')
    }
    const record = this.#record(fields, qos, messageId, awaits === 'pubcomp')
    this.#writer.put(`i${this.#code}${idCode(messageId)}`, encodeRecord(record))
    this.#counts.inflight++
  }

  incoming(fields: Fields): void {
    this.#own(fields)
    const messageId = newId(fields, this.#received)
    fields.oneOf('awaits', ['pubrel'])
    this.#writer.put(`n${this.#code}${idCode(messageId)}`, nothing)
    this.#counts.incoming++
  }

  queued(fields: Fields): void {
    this.#own(fields)
    const record = this.#record(fields, readQos(fields, 0), 0, false)
    const seq = this.#seq++
    const queued = this.#queued
    if (queued.count === 0) queued.first = seq
    queued.count++
    queued.bytes += record.size
    this.#writer.put(`q${this.#code}${seqCode(seq)}`, encodeRecord(record))
    this.#counts.queued++
  }

  /** Another one begins, or there is no other. */
  endSession(): void {
    if (this.#queued.count > 0) this.#writer.put(`z${this.#code}`, encodeUsage(this.#queued))
    this.#queued = { count: 0, bytes: 0, first: 0 }
    this.#sent.clear()
    this.#received.clear()
    this.#clientId = null
  }

  /** How many records refer to each message of several sessions. */
  async end(): Promise<void> {
    this.endSession()
    for (const [i, count] of this.#references.entries()) {
      this.#writer.put(`k${seqCode(i + 1)}`, encodeNumber(count))
      if (this.#writer.isFull) await this.#writer.flush()
    }
  }

  #own(fields: Fields): void {
    const clientId = fields.text('clientId')
    if (clientId === this.#clientId) return
    throw fields.wrong(
      'clientId',
      clientId,
      this.#clientId === null
        ? 'the line of its session first: what belongs to a session follows it'
        : `${JSON.stringify(this.#clientId)}: what belongs to a session follows it, before the next one`
    )
  }

  #record(fields: Fields, qos: QoS, messageId: number, released: boolean): MessagePut {
    const retain = fields.flag('retain')
    const identifiers = readIdentifiers(fields)
    const payload = new Payload(null)
    let size: number
    if (fields.has('shared')) {
      payload.id = fields.integer('shared', 1, this.#sizes.length + 1)
      this.#shared(payload.id, fields)
      size = this.#sizes[payload.id - 1]!
    } else {
      const packet = readMessage(fields.object('message'))
      payload.packet = packet
      size = packet.payloadLength
    }
    // Among those in flight the order counts; one that waits has its own.
    const order = messageId > 0 ? this.#seq++ : 0
    return new MessagePut(payload, size, { qos, retain, identifiers, messageId, released }, order)
  }

  /** The first one brings the message, the others refer to it. */
  #shared(number: number, fields: Fields): void {
    const isNew = number > this.#sizes.length
    if (isNew !== fields.has('message')) {
      const wanted = isNew
        ? 'a number of a message that was given before, or the message too'
        : `${this.#sizes.length + 1}, the next number, or leave the message out`
      throw fields.wrong('shared', number, wanted)
    }
    if (isNew) {
      const packet: Publish = readMessage(fields.object('message'))
      this.#writer.put(`m${seqCode(number)}`, encodePacket(packet))
      this.#sizes.push(packet.payloadLength)
      this.#references.push(0)
    }
    this.#references[number - 1]!++
  }
}

function newId(fields: Fields, known: Set<number>): number {
  const messageId = fields.integer('messageId', 1, 0xffff)
  if (known.has(messageId)) throw new LineError(`messageId ${messageId} was given before for this session`)
  known.add(messageId)
  return messageId
}

function readIdentifiers(fields: Fields): number[] | null {
  const value = fields.any('identifiers')
  if (value === null) return null
  const isOne = (id: unknown) =>
    Number.isInteger(id) && (id as number) >= 1 && (id as number) <= maximumIdentifier
  if (Array.isArray(value) && value.every(isOne)) return value as number[]
  throw fields.wrong('identifiers', value, `null, or an array of integers from 1 to ${maximumIdentifier}`)
}

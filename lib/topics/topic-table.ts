import { isUtf8 } from 'node:buffer'
import { maximumTopicBytes } from './filter.js'
import { Topic } from './topic.js'
import { TopicCache } from './topic-cache.js'

/** A table of as many random topics takes some 60 MB; what does not fit costs a search through the filters. */
const defaultLimit = 262_144

/** Topics above so many bytes pass through: a few of 64 KiB would push out all others. */
const longestKept = 1024

export interface TopicTableOptions {
  /** The most topics to keep. Default 262 144. */
  limit?: number
}

/**
 * Interns topic names straight from the bytes of PUBLISH packets: a topic seen before costs a hash and a comparison,
 * no string. Bounded by two generations of half the limit each: when the young one is full it becomes the old one,
 * and what is hit in the old one moves over. Random topics pass through, busy ones stay.
 */
export class TopicTable<M = unknown> {
  readonly #half: number
  readonly #seed: number
  readonly #factor: number
  #young: TopicCache<M>
  #old: TopicCache<M> | null = null

  /** The seed is any number, a different one for each table and not to be guessed: it keys the hash. */
  constructor(seed: number, options: TopicTableOptions = {}) {
    this.#half = Math.max(1, Math.floor((options.limit ?? defaultLimit) / 2))
    // From `random()` in 0..1 as well as from an integer.
    const bits = Number.isInteger(seed) ? seed | 0 : (seed * 2 ** 32) | 0
    this.#seed = mix(bits, 0x2c1b3c6d)
    this.#factor = mix(this.#seed, 0x297a2d39) | 1
    this.#young = new TopicCache(this.#half)
  }

  /** The number of topics kept; those that moved from the old generation to the young one count twice. */
  get size(): number {
    return this.#young.size + (this.#old?.size ?? 0)
  }

  /** The topic in `buf[start, end)`; null when these bytes are not a legal topic name, or not all there. */
  intern(buf: Buffer, start: number, end: number): Topic<M> | null {
    if (!(start >= 0 && start < end && end <= buf.length)) return null
    const hash = this.#hash(buf, start, end)
    const known = this.#young.find(hash, buf, start, end)
    if (known !== null) return known
    const topic = this.#old?.find(hash, buf, start, end) ?? readTopic<M>(buf, start, end)
    if (topic === null || end - start > longestKept) return topic
    if (this.#young.isFull(end - start)) {
      this.#old = this.#young
      this.#young = new TopicCache(this.#half)
    }
    this.#young.add(hash, topic, buf, start, end)
    return topic
  }

  /** The topic of a name that the program chose; throws when it is not a legal one. */
  of(name: string): Topic<M> {
    const bytes = Buffer.from(name)
    const topic = this.intern(bytes, 0, bytes.length)
    // A lone surrogate becomes U+FFFD in UTF-8: legal, but not what was asked for.
    if (topic?.name !== name) throw new TypeError(`Not a topic name: ${JSON.stringify(name.slice(0, 100))}`)
    return topic
  }

  /**
   * FNV-1a over four bytes a step, with a secret factor and the high bits folded down after each, as the next factor
   * only carries upwards; at the end the scramble of MurmurHash3, since buckets are chosen by the low bits.
   */
  #hash(buf: Uint8Array, start: number, end: number): number {
    const factor = this.#factor
    let hash = this.#seed ^ (end - start)
    let i = start
    for (; i + 4 <= end; i += 4) {
      const word = buf[i]! | (buf[i + 1]! << 8) | (buf[i + 2]! << 16) | (buf[i + 3]! << 24)
      hash = Math.imul(hash ^ word, factor)
      hash ^= hash >>> 15
    }
    let rest = 0
    for (; i < end; i++) rest = (rest << 8) | buf[i]!
    hash = Math.imul(hash ^ rest, factor)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    return hash ^ (hash >>> 16)
  }
}

function mix(bits: number, factor: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16) ^ 0x5bd1e995, factor)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b)
  return mixed ^ (mixed >>> 13)
}

/** [5.0 MQTT-4.7.0-1] [5.0 MQTT-4.7.3-1] [5.0 MQTT-4.7.3-2] [5.0 MQTT-1.5.4-1]; U+FEFF stays [5.0 MQTT-1.5.4-3]. */
function readTopic<M>(buf: Buffer, start: number, end: number): Topic<M> | null {
  if (end - start > maximumTopicBytes) return null
  let bits = 0
  for (let i = start; i < end; i++) {
    const byte = buf[i]!
    if (byte === 0x00 || byte === 0x2b || byte === 0x23) return null
    bits |= byte
  }
  const isAscii = bits < 0x80
  if (!isAscii && !isUtf8(buf.subarray(start, end))) return null
  return new Topic<M>(buf.toString(isAscii ? 'latin1' : 'utf8', start, end))
}

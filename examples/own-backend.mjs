// One storage group of one's own: retained messages in a file. The others stay in memory.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { deserialize, serialize } from 'node:v8'
import { createBroker, Middleware, topicMatches } from 'stackmq'
/** @implements {RetainedBackend} @import { Ctx, PublishPacket, RetainedBackend, Store } from 'stackmq' */
export class FileRetained extends Middleware {
  constructor(file = 'retained.bin') {
    super()
    this.file = file
    this.messages = existsSync(file) ? deserialize(readFileSync(file)) : new Map()
  }
  /** @param {Ctx<'storeRetainedMessage'>} ctx @param {Store<'storeRetainedMessage'>} store */
  storeRetainedMessage({ packet }, store) {
    const { cmd, topic, payload, qos, retain, dup, messageId, properties, expiresAt } = packet
    const old = this.messages.get(topic)
    if (old) store.replaced = Buffer.byteLength(topic) + old.payload.length
    this.messages.set(topic, { cmd, topic, payload, qos, retain, dup, messageId, properties, expiresAt })
    if (payload.length === 0) this.messages.delete(topic)
    this.changed = true
  }
  /** @param {Ctx<'lookupRetainedMessages'>} ctx @param {Store<'lookupRetainedMessages'>} store */
  lookupRetainedMessages({ filter, limit, cursor = this.messages.values() }, store) {
    for (const kept of /** @type {Iterable<PublishPacket>} */ (cursor))
      if (topicMatches(filter, kept.topic) && store.items.push(kept) === limit)
        return void Object.assign(store, { cursor }) // the next page goes on here
  }
  /** @param {Ctx<'lookupRetainedUsage'>} ctx @param {Store<'lookupRetainedUsage'>} store */
  lookupRetainedUsage({ limit, cursor = this.messages.values() }, store) {
    for (const { topic, payload, expiresAt = 0 } of /** @type {Iterable<PublishPacket>} */ (cursor))
      if (store.items.push({ topic, bytes: payload.length, expiresAt }) === limit)
        return void Object.assign(store, { cursor })
  }
  commit() {
    if (this.changed) writeFileSync(this.file, serialize(this.messages)) // acknowledgements wait for it
    this.changed = false
  }
}
export const broker = createBroker()
await broker.stack.replace('MemoryRetained', new FileRetained(process.env.FILE))
await broker.listen(Number(process.env.PORT ?? 1883))

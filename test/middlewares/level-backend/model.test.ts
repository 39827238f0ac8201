import t from 'tap'
import type { OutgoingMessage } from '../../../lib/index.js'
import { check } from '../../../middlewares/level-backend/tools/check.js'
import { Hosted, message, publish } from './hosted.js'

/** A generator of numbers from 0 to 1, the same for a seed. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state >>> 8) / 2 ** 24
  }
}

interface Client {
  waiting: string[]
  inflight: Map<number, { payload: string; released: boolean }>
}

const clients = ['a', 'b', 'c', 'd', 'e']

/** What should be there, beside what is there. */
class World {
  readonly model = new Map<string, Client>()
  hosted!: Hosted
  #count = 0
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
  }

  of(name: string): Client {
    const known = this.model.get(name)
    if (known) return known
    const client: Client = { waiting: [], inflight: new Map() }
    this.model.set(name, client)
    return client
  }

  #pick(count: number): number {
    return Math.floor(this.#random() * count)
  }

  async step(): Promise<void> {
    const { hosted } = this
    const name = clients[this.#pick(clients.length)]!
    const client = this.of(name)
    const { failing } = hosted.backend.store
    switch (this.#pick(12)) {
      case 0:
      case 1:
      case 2: {
        const payload = `${this.#count++}`.padEnd(3)
        const packet = publish(payload)
        for (const receiver of clients.slice(0, 1 + this.#pick(clients.length))) {
          if (hosted.queue(receiver, packet)) this.of(receiver).waiting.push(payload)
        }
        return
      }
      case 3:
      case 4:
        if (!failing) await this.#move(name, client)
        return
      case 5:
      case 6:
        for (const id of [...client.inflight.keys()].filter(() => this.#random() < 0.5)) {
          t.ok(hosted.acknowledge(name, id))
          client.inflight.delete(id)
        }
        t.notOk(hosted.acknowledge(name, 60_000))
        return
      case 7:
        for (const [messageId, sent] of client.inflight) {
          if (sent.released || this.#random() < 0.5) continue
          sent.released = true
          hosted.send(name, message(publish(sent.payload), { messageId, qos: 2, released: true }))
        }
        return
      case 8:
        if (this.#random() < 0.5) return
        hosted.removeSession(name)
        this.model.delete(name)
        return
      case 9:
        if (this.#random() < 0.5) return
        await hosted.run('clearOfflineMessages', { clientId: name })
        client.waiting = []
        return
      case 10:
        hosted.db.fault = this.#random() < 0.3 ? new Error('no') : null
        await hosted.commit()
        return
      default:
        await this.compare()
        if (this.#random() < 0.5) return
        await this.restart()
    }
  }

  /** A page from the queue goes in flight, sometimes only a part of it, and not always its beginning. */
  async #move(name: string, client: Client): Promise<void> {
    const { hosted } = this
    const items = await hosted.queued(name, 1 + this.#pick(5)).catch(() => null)
    // A disk that fails is asked again later.
    if (items === null) return
    const taken = items.filter(() => this.#random() < 0.9)
    for (const { message } of taken) {
      let messageId = 1
      while (client.inflight.has(messageId)) messageId++
      const payload = message.packet.payload.toString()
      client.inflight.set(messageId, { payload, released: false })
      hosted.send(name, { ...message, messageId, qos: 2 } as OutgoingMessage)
      client.waiting.splice(client.waiting.indexOf(payload), 1)
    }
    hosted.unqueue(
      name,
      taken.map(({ key }) => key)
    )
  }

  async compare(): Promise<void> {
    const { hosted } = this
    hosted.db.fault = null
    await hosted.commit()
    for (const name of clients) {
      const { waiting, inflight } = this.of(name)
      t.same(await hosted.payloads(name), waiting)
      const usage = await hosted.run('lookupOfflineUsage', { clientId: name }, { count: 0, bytes: 0 })
      t.same(usage, { count: waiting.length, bytes: waiting.length * 3 })
      const { messages } = await hosted.run('lookupInflight', { clientId: name }, { messages: [] })
      const found = messages.map(({ messageId, packet, released }) => [
        messageId,
        packet.payload.toString(),
        released
      ])
      t.same(
        found,
        [...inflight].map(([messageId, { payload, released }]) => [messageId, payload, released])
      )
    }
  }

  async restart(): Promise<void> {
    const db = this.hosted.crashed()
    t.same((await check(db)).problems, [])
    t.same(this.hosted.errors.filter(({ message }) => message !== 'no').map(String), [])
    await this.hosted.stack.stop()
    this.hosted = await Hosted.on(db)
  }
}

t.test('whatever happens, and wherever it dies, what is there is what should be', async t => {
  for (let seed = 1; seed <= 12; seed++) {
    const world = new World(chance(seed))
    world.hosted = await Hosted.on()
    for (let i = 0; i < 150; i++) await world.step()
    await world.compare()
    await world.restart()
    await world.compare()
    for (const name of clients) world.hosted.removeSession(name)
    await world.hosted.cleared()
    const left = [...world.hosted.db.entries.keys()].filter(key => !key.startsWith('!'))
    t.same(left, [], `seed ${seed}: nothing is left, no payload either`)
    await world.hosted.stack.stop()
    if (!t.passing()) return
  }
})

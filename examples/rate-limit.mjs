// A middleware of one's own with options and state: so many messages a second and client, then a refusal.
import { createBroker, Middleware, MqttError, Slot } from 'stackmq'

/** @extends {Middleware<{ perSecond: number }>} */
export class RateLimit extends Middleware {
  packets = /** @type {const} */ (['publish'])

  /** @param {{ perSecond?: number }} config */
  constructor(config = {}) {
    super(config, { perSecond: 100 })
  }

  // Asked before anything starts; what is wrong stops the start with a clear text.
  check() {
    return this.config.perSecond >= 1 ? [] : [`perSecond is ${this.config.perSecond}: give at least 1`]
  }

  start() {
    /** @type {Slot<{ second: number, count: number }>} */
    this.counts = new Slot(this.stack)
  }

  /** @param {import('stackmq').Client} client */
  handle(client) {
    const second = Math.floor(this.stack.clock.now() / 1000)
    const known = this.counts?.get(client)
    if (known?.second !== second) return void this.counts?.set(client, { second, count: 1 })
    // PUBACK or PUBREC 0x97 for MQTT 5; QoS 0 is lost. With { fatal: true } it would end the connection.
    if (++known.count > this.config.perSecond) throw new MqttError('QuotaExceeded', 'not so fast')
  }
}

export const broker = createBroker()
broker.use(new RateLimit({ perSecond: Number(process.env.PER_SECOND ?? 10) }))
await broker.listen(Number(process.env.PORT ?? 1883))

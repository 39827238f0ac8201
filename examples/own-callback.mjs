/// <reference path="./own-callback-types.d.ts" />
// A callback chain of one's own: one middleware asks what a message costs, any number of others answer.
import { createBroker, Middleware } from 'stackmq'

export class Billing extends Middleware {
  packets = /** @type {const} */ (['publish'])
  // Declared, so that start() complains when nobody knows a price.
  requires = /** @type {const} */ (['priceMessage'])
  /** @type {Map<string, number>} */
  bills = new Map()

  /** @param {import('stackmq').Client} client @param {import('stackmq').PublishPacket} packet */
  handle(client, packet) {
    // Nobody waits for anything here, so the store is filled when execute() returns.
    const store = { cents: 0 }
    this.stack.execute('priceMessage', { client, packet }, store)
    this.bills.set(client.id, (this.bills.get(client.id) ?? 0) + store.cents)
  }
}

export const billing = new Billing()
export const broker = createBroker()
broker.use(
  billing,
  {
    name: 'PerMessage',
    priceMessage(_ctx, store) {
      store.cents += 1
    }
  },
  {
    name: 'PerByte',
    priceMessage({ packet }, store) {
      store.cents += packet.payload.length
    }
  }
)
await broker.listen(Number(process.env.PORT ?? 1883))

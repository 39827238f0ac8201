// Replaces a middleware of a broker that is running, with a client on it: the connection stays.
import { createBroker, DONE, Middleware } from 'stackmq'

/** Answers pings and never closes a silent client: for devices that sleep longer than they say. */
class Patient extends Middleware {
  packets = /** @type {const} */ (['pingreq'])
  /** @param {import('stackmq').Client} client */
  handle(client) {
    client.write({ cmd: 'pingresp' })
    return DONE
  }
}

export const broker = createBroker()
broker.once('connect', async () => {
  await broker.stack.replace('KeepAlive', new Patient())
  console.log(broker.stack.explain())
})
await broker.listen(Number(process.env.PORT ?? 1883))

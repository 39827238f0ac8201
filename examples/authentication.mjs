// User names and passwords. Try: mosquitto_sub -u ada -P lovelace -t '#'
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { createBroker } from 'stackmq'

const derive = promisify(scrypt)
const salt = randomBytes(16)
/** In real life: from a file or a database, made with a salt for each. */
const users = new Map([['ada', await derive('lovelace', salt, 32)]])

export const broker = createBroker()
broker.use({
  name: 'Passwords',
  // Hooks may be asynchronous: this client waits, the others do not.
  async authenticateConnection({ client, username, password }, store) {
    const known = users.get(username ?? '')
    if (known && password) {
      const given = await derive(password, salt, 32)
      store.valid = timingSafeEqual(/** @type {Buffer} */ (known), /** @type {Buffer} */ (given))
    }
    if (!store.valid) console.log(`${client.info.remoteAddress} is not let in as ${username}`)
  }
})

// With somebody who authenticates, the default is every address of this machine.
await broker.listen({ port: Number(process.env.PORT ?? 1883), allowAnonymous: false })

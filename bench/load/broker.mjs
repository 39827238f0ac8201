/** The ready broker in a process of its own; tells its parent the port. */
import { createBroker } from '../../dist/lib/index.js'

const broker = createBroker()
const [listener] = await broker.listen({ port: 0, host: '127.0.0.1' })
process.send(listener.port)

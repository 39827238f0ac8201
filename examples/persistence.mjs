// A broker that may be killed at any time: what it has acknowledged is in a directory, and the next one goes on with it.
import { createBroker } from 'stackmq'

export const broker = createBroker({
  data: process.env.DATA ?? 'data', // it is made when there is none; one broker at a time
  durability: 'os', // survives the death of the process; 'disk' the loss of power, too, and is slower
  maximumQueuedMessages: 10_000, // that wait for one session
  maximumStoredBytes: 1_000_000_000 // that wait for all sessions together
})

// Sessions, subscriptions, messages under way, what waits, retained messages and wills come back by themselves.
await broker.start()
const { sessions, subscriptions, retained } = broker.stats()
console.log(`sessions: ${sessions}, subscriptions: ${subscriptions}, retained: ${retained.messages}`)

// What the program retains is stored as well.
const starts = Number((await broker.retained.get('broker/starts'))?.payload ?? 0) + 1
await broker.retained.set('broker/starts', String(starts))
console.log(`start number ${starts}`)

// Where there is no room a message is lost for one receiver, and somebody is told.
broker.on('dropped', ({ clientId, packet, reason }) => {
  console.log(`${packet.topic} does not reach ${clientId}: ${reason}`)
})
// A disk that is full or fails: publishers get no acknowledgement, or one that says so, until it works again.
broker.on('error', err => console.log(err.message))

await broker.listen(Number(process.env.PORT ?? 1883))

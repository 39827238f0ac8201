// A whole broker. Then, in other terminals: mosquitto_sub -V 5 -t 'a/#' -v and mosquitto_pub -V 5 -t a/b -m hi -q 2
import { createBroker } from 'stackmq'

export const broker = createBroker()

broker
  .on('connect', ({ client }) => console.log(`+ ${client.id}, protocol level ${client.version}`))
  .on('disconnect', ({ client, clean }) => console.log(`- ${client.id}${clean ? '' : ', without a goodbye'}`))
  .on('publish', ({ packet, matched }) => console.log(`${packet.topic} went to ${matched} subscribers`))

// Nobody authenticates clients here, so it listens on this machine only.
for (const { url } of await broker.listen(Number(process.env.PORT ?? 1883)))
  console.log(`listening on ${url}`)

// Says goodbye to everybody, and lets what is under way finish.
process.once('SIGINT', () => broker.close())

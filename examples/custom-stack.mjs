// A broker of chosen parts: no sessions, no retained messages, no wills, QoS 0 and 1. What is left out costs nothing.
import net from 'node:net'
import { Stack } from 'stackmq'
import {
  Connection,
  InboundManager,
  KeepAlive,
  OutboundManager,
  Router,
  SubscriptionManager
} from 'stackmq/middlewares'

export const stack = new Stack({ maximumPacketSize: 4096 }).use(
  new Connection({ connectTimeout: 2000 }),
  new KeepAlive({ maximumKeepAlive: 60 }),
  new SubscriptionManager({ shared: false, maximumSubscriptions: 10 }),
  new InboundManager({ maximumQoS: 1 }),
  new OutboundManager({ maximumQueuedMessages: 100 }),
  new Router()
)

// Whatever is missing or stands in the wrong place is one error here, and not a surprise later.
await stack.start()
console.log(stack.explain())

// Anything that gives byte streams can feed a stack. No Authentication: everybody is let in, so only this machine.
export const server = net.createServer({ noDelay: true }, stack.handler())
server.listen(Number(process.env.PORT ?? 1883), '127.0.0.1')

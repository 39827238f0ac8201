// What TypeScript has to know of the callback in own-callback.mjs: merged in, it is checked like the built-in ones.
import type { Callback, Client, PublishPacket } from 'stackmq'

declare module 'stackmq' {
  interface Callbacks {
    /** What a message costs: handlers add to `store.cents`. */
    priceMessage: Callback<{ client: Client; packet: PublishPacket }, { cents: number }>
  }
}

/** Middlewares as plain objects: packet handlers by packet name, callback handlers by callback name. */
import { DONE, type Hooks, type PacketHooks, Reason, Stack } from 'stackmq'

export const all: Hooks = {
  connect: (client, packet) => {
    if (packet.clientId === '' && client.version === 5) throw Reason.ClientIdentifierNotValid
  },
  auth: (_client, { reasonCode }) => (reasonCode === 0x19 ? DONE : undefined),
  publish: async (_client, packet) => {
    if (packet.payload.length > 10) return DONE
  },
  puback: (_client, { messageId }, next) => next(messageId > 0 ? null : new Error('no')),
  pubrec: (_client, packet, _next, done) => done(packet.reasonCode > 0 ? new Error('no') : null),
  pubrel: (_client, packet) => void packet.messageId.toFixed(),
  pubcomp: (_client, packet) => void packet.messageId.toFixed(),
  subscribe: (_client, packet) => {
    for (const one of packet.subscriptions) if (one.topic === '#') one.refused = Reason.NotAuthorized
  },
  unsubscribe: (_client, packet) => void packet.unsubscriptions.map(topic => topic.length),
  pingreq: client => void client.id,
  disconnect: (_client, packet) => void packet.reasonCode.toFixed(),
  authorizePublish: ({ client, will }, store) => {
    store.valid = !will && client.id !== 'guest'
  },
  relayMessage: (_ctx, store) => {
    // @ts-expect-error the store of relayMessage has no such field
    store.matches = 1
  },
  outgoing: (_client, packet) => (packet.cmd === 'publish' ? null : packet)
}

export const partial: PacketHooks = {
  publish: (_client, packet) => {
    // @ts-expect-error a PUBLISH has no filters
    packet.subscriptions
  }
}

// @ts-expect-error a boolean settles nothing
export const bad: Hooks = { publish: () => false }
// @ts-expect-error a packet name that does not exist
export const misspeltPacket: Hooks = { publsh: () => {} }
// @ts-expect-error a callback name that does not exist
export const misspeltCallback: Hooks = { relayMesage: () => {} }

const stack = new Stack()
stack.use({ publish: (_client, packet) => void packet.topic.length }, all)
stack.use({ name: 'Mine', after: ['Authentication'], start: async () => {}, commit: () => {} })
// @ts-expect-error misspelt in place too
stack.use({ publsh() {} })
// @ts-expect-error an instance is wanted, not a name
stack.use('Router')
// @ts-expect-error an option that does not exist
new Stack({ strickt: true })

/** What a stack has done since it was made. */
export interface Counters {
  connections: number
  /** Messages accepted from clients. */
  messagesReceived: number
  /** Copies of messages handed to connections. */
  messagesSent: number
  messagesDropped: number
}

export function newCounters(): Counters {
  return { connections: 0, messagesReceived: 0, messagesSent: 0, messagesDropped: 0 }
}

/** What a stack has done since it was made. */
export interface Counters {
  connections: number
  /** Messages accepted from clients. */
  messagesReceived: number
  /** Copies of messages handed to connections. */
  messagesSent: number
  messagesDropped: number
  bytesReceived: number
  bytesSent: number
}

export function newCounters(): Counters {
  return {
    ...{ connections: 0, messagesReceived: 0, messagesSent: 0, messagesDropped: 0 },
    ...{ bytesReceived: 0, bytesSent: 0 }
  }
}

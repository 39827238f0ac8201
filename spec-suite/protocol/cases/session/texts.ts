import type { Received } from '../../wire/received.js'

/** The payloads of messages, as text. */
export function texts(messages: readonly Received[]): string[] {
  return messages.map(({ text }) => text)
}

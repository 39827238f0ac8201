import type { MqttError } from './errors.js'
import type { ProblemProperties } from './packets.js'

/** Characters of a text that go on the wire: errors may quote what a peer sent, and that may be long. */
const longestText = 1024

/** What an acknowledgement or a DISCONNECT of MQTT 5 says of an error beside its code; always fit to be encoded. */
export function problem({ message, userProperties }: MqttError): ProblemProperties {
  const reasonString = message.slice(0, longestText).replaceAll('\0', '')
  return { reasonString, ...(userProperties && { userProperties }) }
}

/** The same where a server can say which one to use instead: CONNACK and DISCONNECT (MQTT 5.0, 4.11). */
export function redirection(err: MqttError): ProblemProperties & { serverReference?: string } {
  const { serverReference } = err
  return { ...problem(err), ...(serverReference !== undefined && { serverReference }) }
}

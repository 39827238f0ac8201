import { encodedSize } from './codec/index.js'
import type { Packet, ProblemProperties, Version } from './packets.js'

/** What a peer said it takes. */
export interface PeerLimits {
  readonly version: Version
  readonly maximumPacketSize: number
  readonly problemInformation: boolean
}

/**
 * The packet as the peer may get it: reason string and user properties are left out where it did not ask for them
 * [5.0 MQTT-3.1.2-29] and where they would take the packet over its maximum size [5.0 MQTT-3.4.2-2 and its like].
 * null when it is too large even so [5.0 MQTT-3.1.2-24].
 */
export function fit<P extends Packet>(packet: P, peer: PeerLimits): P | null {
  if (peer.version !== 5) return packet
  let fitting = packet
  if (!peer.problemInformation && carriesProblem(packet))
    fitting = without(without(packet, 'userProperties'), 'reasonString')
  if (peer.maximumPacketSize >= 0xffff_ffff) return fitting
  for (const name of ['userProperties', 'reasonString'] as const) {
    if (encodedSize(fitting, 5) <= peer.maximumPacketSize) return fitting
    if (fitting.cmd !== 'publish') fitting = without(fitting, name)
  }
  return encodedSize(fitting, 5) <= peer.maximumPacketSize ? fitting : null
}

/** PUBLISH, CONNACK and DISCONNECT may have them whatever the client asked for. */
function carriesProblem({ cmd }: Packet): boolean {
  return cmd !== 'publish' && cmd !== 'connack' && cmd !== 'disconnect'
}

function without<P extends Packet>(packet: P, name: keyof ProblemProperties): P {
  const properties = (packet as { properties?: ProblemProperties }).properties
  if (properties?.[name] === undefined) return packet
  return { ...packet, properties: { ...properties, [name]: undefined } }
}

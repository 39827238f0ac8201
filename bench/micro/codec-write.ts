import mqtt from 'mqtt-packet'
import { encode, encodedSize, encodeInto } from '../../lib/codec/index.js'
import type { Packet } from '../../lib/index.js'
import type { Case, Task } from './case.js'
import { acks, Output, publishes, type Sample } from './frames.js'

const granted = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0x80]

const answers: readonly Sample[] = [
  { title: 'SUBACK of 10 filters', version: 4, packet: { cmd: 'suback', messageId: 1, granted } },
  { title: 'CONNACK', version: 4, packet: { cmd: 'connack', sessionPresent: false, reasonCode: 0 } }
]

/** From packets to bytes. What goes out many times, PUBLISH, has a way of its own: codec-deliver.ts. */
export const writeCases: readonly Case[] = [
  ...[...acks, ...answers].map(sample => ({
    name: `codec/write ${sample.title}`,
    prepare: () => writing(sample)
  })),
  ...[...publishes, ...acks, ...answers].map(sample => ({
    name: `codec/write ${sample.title} (mqtt-packet)`,
    prepare: () => generating(sample)
  }))
]

function writing({ packet, version }: Sample): Task {
  const output = new Output()
  return {
    each: encode(packet, version).length,
    run(operations) {
      let bytes = 0
      for (let i = 0; i < operations; i++) {
        const at = output.reserve(encodedSize(packet, version))
        bytes += encodeInto(packet, version, output.buf, at) - at
      }
      return bytes
    }
  }
}

function generating({ packet, version }: Sample): Task {
  const same = inItsForm(packet)
  const options = { protocolVersion: version }
  return {
    // Not always the shortest form: it writes properties that are empty.
    each: mqtt.generate(same, options).length,
    run(operations) {
      let bytes = 0
      for (let i = 0; i < operations; i++) bytes += mqtt.generate(same, options).length
      return bytes
    }
  }
}

/** mqtt-packet has user properties as an object, and one field for return codes. */
function inItsForm(packet: Packet): mqtt.Packet {
  if (packet.cmd === 'connack') return { ...packet, returnCode: packet.reasonCode } as mqtt.Packet
  if (packet.cmd !== 'publish' || !packet.properties?.userProperties) return packet as mqtt.Packet
  const userProperties = Object.fromEntries(packet.properties.userProperties)
  return { ...packet, properties: { ...packet.properties, userProperties } } as mqtt.Packet
}

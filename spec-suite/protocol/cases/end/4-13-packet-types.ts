import { packet, raw, u16 } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { eachEnds, only5, protocolError } from './rows.js'

export const serverPackets: CaseDefinition = {
  name: 'packets-of-a-server',
  title: 'a packet that only a server sends ends the connection, and no other one',
  proves: { '3.1.1': ['4.8.0-1'], '5.0': ['4.13.1-1'] },
  run(scene) {
    const properties = only5(scene.is5, [0])
    return eachEnds(scene, [
      { words: 'CONNACK', bytes: packet(0x20, [0, 0], properties), codes: protocolError },
      { words: 'SUBACK', bytes: packet(0x90, u16(1), properties, [0]), codes: protocolError },
      {
        words: 'UNSUBACK',
        bytes: packet(0xb0, u16(1), properties, only5(scene.is5, [0])),
        codes: protocolError
      },
      { words: 'PINGRESP', bytes: packet(0xd0), codes: protocolError }
    ])
  }
}

export const fifthLengthByte: CaseDefinition = {
  name: 'remaining-length-of-five-bytes',
  title: 'a remaining length of more than four bytes ends the connection, and no other one',
  proves: { '3.1.1': ['4.8.0-1'], '5.0': ['4.13.1-1'] },
  run: scene =>
    eachEnds(
      scene,
      [0x30, 0x82, 0xc0].map(first => ({
        words: `packet type ${first >> 4} with a remaining length of five bytes`,
        bytes: raw([first, 0x80, 0x80, 0x80, 0x80, 0x00])
      }))
    )
}

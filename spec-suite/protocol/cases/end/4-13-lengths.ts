import { field, packet, raw, u16 } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { eachEnds, only5 } from './rows.js'

const proves = { '3.1.1': ['4.8.0-1'], '5.0': ['4.13.1-1'] } as const

export const publishLengths: CaseDefinition = {
  name: 'publish-that-ends-too-early',
  title: 'a PUBLISH that ends inside a field ends the connection, and no other one',
  proves,
  run(scene) {
    const name = field(scene.topic())
    // Without QoS 1, a broker may complain about that first.
    const codes = [0x81, 0x9b]
    const rows5 = [
      { words: 'PUBLISH without a property length', bytes: packet(0x30, name) },
      { words: 'PUBLISH with properties beyond its end', bytes: packet(0x30, name, [9, 0x01, 0]) },
      {
        words: 'PUBLISH with a property length of five bytes',
        bytes: packet(0x30, name, [0x80, 0x80, 0x80, 0x80, 0x00])
      }
    ]
    return eachEnds(scene, [
      { words: 'PUBLISH with nothing in it', bytes: packet(0x30) },
      { words: 'PUBLISH with half a topic length', bytes: packet(0x30, [0]) },
      { words: 'PUBLISH with a topic beyond its end', bytes: packet(0x30, name.subarray(0, -1)) },
      { words: 'PUBLISH of QoS 1 without an identifier', bytes: packet(0x32, name), codes },
      { words: 'PUBLISH of QoS 1 with half an identifier', bytes: packet(0x32, name, [1]), codes },
      ...(scene.is5 ? rows5 : [])
    ])
  }
}

export const subscribeLengths: CaseDefinition = {
  name: 'subscribe-that-ends-too-early',
  title: 'a SUBSCRIBE or UNSUBSCRIBE that ends inside a field ends the connection, and no other one',
  proves,
  run(scene) {
    const filter = field(scene.topic())
    const start = raw(u16(7), only5(scene.is5, [0]))
    const types = [
      { name: 'SUBSCRIBE', first: 0x82, last: [0] },
      { name: 'UNSUBSCRIBE', first: 0xa2, last: [] }
    ]
    const rows = types.flatMap(({ name, first, last }) => [
      { words: `${name} with nothing in it`, bytes: packet(first) },
      { words: `${name} with half an identifier`, bytes: packet(first, [7]) },
      { words: `${name} with half a filter length`, bytes: packet(first, start, [0]) },
      { words: `${name} with a filter beyond its end`, bytes: packet(first, start, filter.subarray(0, -1)) },
      {
        words: `${name} with a second filter beyond its end`,
        bytes: packet(first, start, filter, last, filter.subarray(0, -1))
      }
    ])
    const rows5 = types.map(({ name, first, last }) => ({
      words: `${name} with properties beyond its end`,
      bytes: packet(first, u16(7), raw([100]), filter, last)
    }))
    const bare = { words: 'SUBSCRIBE without options', bytes: packet(0x82, start, filter) }
    return eachEnds(scene, [...rows, bare, ...(scene.is5 ? rows5 : [])])
  }
}

export const pingreqLength: CaseDefinition = {
  name: 'pingreq-too-long',
  title: 'a PINGREQ with something in it ends the connection, and no other one',
  proves,
  run: scene => eachEnds(scene, [{ words: 'PINGREQ with a byte in it', bytes: packet(0xc0, [0]) }])
}

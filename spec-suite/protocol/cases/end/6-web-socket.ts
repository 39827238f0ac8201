import mqtt from 'mqtt-packet'
import { field, packet, raw, rawConnect, rawPublish } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { agreed, type Framing, framed } from './web-socket.js'

const whole: Framing = (socket, bytes) => socket.send(bytes)
const byteByByte: Framing = (socket, bytes) => {
  for (const byte of bytes) socket.send(Buffer.of(byte))
}
/** One WebSocket message in two frames, the second a continuation. */
const fragments: Framing = (socket, bytes) => {
  socket.send(bytes.subarray(0, 3), { fin: false })
  socket.send(bytes.subarray(3), { fin: true })
}

export const subprotocol: CaseDefinition = {
  name: 'web-socket-subprotocol',
  title: 'a broker agrees upon the WebSocket subprotocol mqtt, whatever else is offered',
  proves: { '3.1.1': ['6.0.0-4'], '5.0': ['6.0.0-4'] },
  needs: ['webSocket'],
  async run(scene) {
    for (const offer of [['mqtt'], ['suite', 'mqtt'], ['mqtt', 'suite']]) {
      scene.same(await agreed(scene, offer), 'mqtt', `the subprotocol, of ${offer.join(' and ')}`)
      const client = await scene.connect({ over: framed(scene, whole, offer) })
      await client.ping()
    }
  }
}

export const binaryFrames: CaseDefinition = {
  name: 'web-socket-binary-frames',
  title: 'a broker sends everything in binary frames',
  proves: { '3.1.1': ['6.0.0-1'], '5.0': ['6.0.0-1'] },
  needs: ['webSocket'],
  async run(scene) {
    const { topic, same } = scene
    // Frames that are not binary are violations; they bring no bytes either, so that something is missing.
    const client = await scene.connect({ over: framed(scene, whole) })
    await client.subscribe(topic())
    await client.publish(topic(), 'text')
    same((await client.message()).text, 'text', 'the message')
    await client.unsubscribe(topic())
    await client.ping()
  }
}

export const textFrame: CaseDefinition = {
  name: 'web-socket-text-frame',
  title: 'a packet in a text frame ends the connection',
  proves: { '3.1.1': ['6.0.0-1'], '5.0': ['6.0.0-1'] },
  needs: ['webSocket'],
  async run(scene) {
    const { connect, open, topic, clientId, level } = scene
    let binary = false
    const asText: Framing = (socket, bytes) => socket.send(bytes, { binary })
    const first = await open('client', framed(scene, asText))
    // Only bytes below 0x80, so that it is a good text frame.
    first.raw(rawConnect(level, { payload: field(clientId()) }), 'CONNECT in a text frame')
    await first.refuses({ '5.0': [0x81, 0x82] })
    binary = true
    const client = await connect({ over: framed(scene, asText) })
    await client.ping()
    binary = false
    client.raw(rawPublish(level, topic()), 'PUBLISH in a text frame')
    await client.closes(0x81, 0x82)
  }
}

export const splitPackets: CaseDefinition = {
  name: 'web-socket-split-packets',
  title: 'packets are read from WebSocket frames wherever these begin and end',
  proves: { '3.1.1': ['6.0.0-2'], '5.0': ['6.0.0-2'] },
  needs: ['webSocket'],
  async run(scene) {
    const { connect, topic, same } = scene
    for (const [name, framing] of Object.entries({ byteByByte, fragments })) {
      const client = await connect({ label: name, over: framed(scene, framing) })
      await client.subscribe(topic(name))
      await client.publish(topic(name), name)
      same((await client.message()).text, name, 'the message')
      await client.ping()
    }
  }
}

export const joinedPackets: CaseDefinition = {
  name: 'web-socket-joined-packets',
  title: 'packets that share WebSocket frames are all read',
  proves: { '3.1.1': ['6.0.0-2'], '5.0': ['6.0.0-2'] },
  needs: ['webSocket'],
  async run(scene) {
    const { connect: connected, open, connectPacket, topic, level, same } = scene
    // The message is for another client: without SUBACK, a subscription need not be there yet.
    const subscriber = await connected({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    const subscriptions = [{ topic: topic('own'), qos: 0 as const }]
    const options = { protocolVersion: level }
    const connect = mqtt.generate(connectPacket(), options)
    const subscribe = mqtt.generate({ cmd: 'subscribe', messageId: 1, subscriptions }, options)
    const rest = raw(subscribe, rawPublish(level, topic(), { payload: 'joined' }), packet(0xc0))
    // All in one frame, then a frame that ends inside the second packet.
    for (const cut of [connect.length + rest.length, connect.length + 5]) {
      const all = raw(connect, rest)
      const client = await open('client', framed(scene, whole))
      client.raw(all.subarray(0, cut), `${cut} bytes of CONNECT, SUBSCRIBE, PUBLISH and PINGREQ`)
      if (cut < all.length) client.raw(all.subarray(cut), 'the rest of it')
      same((await client.next('connack')).reasonCode, 0, 'the code of CONNACK')
      await client.next('suback')
      same((await subscriber.message()).text, 'joined', 'the message')
      await client.next('pingresp')
      client.cut()
    }
  }
}

import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import type { Broker } from '../../../../lib/index.js'

/** What a WebSocket listener gets wrong. */
export interface WebSocketFault {
  /** Changes what the broker says, as it comes. */
  fromBroker?(chunk: Buffer): Buffer
  /** Changes what is in a frame of the client; null: it is lost. */
  fromClient?(payload: Buffer): Buffer | null
}

/** A WebSocket listener of a broker behind something that breaks it. */
export async function webSocketPlace(broker: Broker, { fromBroker, fromClient }: WebSocketFault) {
  const [listener] = await broker.listen('ws://localhost:0/mqtt')
  const { port } = listener!
  const server = net.createServer(client => {
    const inner = net.connect({ port: port!, host: 'localhost' })
    client.on('data', (chunk: Buffer) => inner.write(fromClient ? reframed(chunk, fromClient) : chunk))
    inner.on('data', (chunk: Buffer) => client.write(fromBroker ? fromBroker(chunk) : chunk))
    inner.on('end', () => client.end())
    for (const socket of [client, inner]) {
      socket.on('error', () => {})
      socket.on('close', () => {
        client.destroy()
        inner.destroy()
      })
    }
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const url = `ws://localhost:${(server.address() as AddressInfo).port}/mqtt`
  return { url, close: () => server.close() }
}

/** The frames of a client with other payloads; those of the suite are short, and come whole. */
function reframed(chunk: Buffer, change: (payload: Buffer) => Buffer | null): Buffer {
  // The handshake.
  if (chunk.subarray(0, 3).toString() === 'GET') return chunk
  const out: Buffer[] = []
  let at = 0
  while (at + 6 <= chunk.length) {
    const long = (chunk[at + 1]! & 127) === 126
    const length = long ? chunk.readUInt16BE(at + 2) : chunk[at + 1]! & 127
    const maskAt = at + (long ? 4 : 2)
    const end = maskAt + 4 + length
    const isData = (chunk[at]! & 15) < 8
    const payload = chunk.subarray(maskAt + 4, end).map((byte, i) => byte ^ chunk[maskAt + (i % 4)]!)
    const changed = isData ? change(Buffer.from(payload)) : Buffer.from(payload)
    if (changed) out.push(masked(chunk[at]!, changed))
    at = end
  }
  return Buffer.concat(out)
}

function masked(first: number, payload: Buffer): Buffer {
  const { length } = payload
  const head = length < 126 ? [first, 0x80 | length] : [first, 0xfe, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload])
}

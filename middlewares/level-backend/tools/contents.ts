import { Stack } from '../../../lib/index.js'
import { readPacket } from '../packet-codec.js'
import { decodeRecord, ownPacket } from '../record-codec.js'
import { decodeRetainedInfo, decodeSession, decodeSubscription, decodeWill } from '../small-values.js'

/** Reads what records hold, so that what is damaged is found before a client finds it, and counts its bytes. */
export class Contents {
  /** Messages that several records refer to. */
  shared = 0
  /** Incoming messages of QoS 2. */
  incoming = 0
  /** Of payloads; one that several records refer to counts with each of them, and once as shared. */
  readonly bytes = { queued: 0, inflight: 0, retained: 0, wills: 0, shared: 0 }
  /** Nobody routes here: it is what decoding needs. */
  readonly #stack = new Stack()

  /** Takes one entry. @throws Error when it cannot be read */
  see(key: string, value: Buffer): void {
    const { bytes } = this
    switch (key[0]) {
      case 'e':
        decodeSession('', value)
        return
      case 's':
        decodeSubscription('', value)
        return
      case 'i':
        bytes.inflight += this.#sizeOf(value)
        return
      case 'q':
        bytes.queued += this.#sizeOf(value)
        return
      case 'n':
        this.incoming++
        return
      case 'm':
        this.shared++
        bytes.shared += readPacket(value, 0, value.length, this.#stack).payloadLength
        return
      case 'r':
        bytes.retained += readPacket(value, 0, value.length, this.#stack).payloadLength
        return
      case 't':
        decodeRetainedInfo(value)
        return
      case 'w':
        bytes.wills += decodeWill('', value, this.#stack).packet.payload.length
    }
  }

  #sizeOf(value: Buffer): number {
    const record = decodeRecord(value)
    return record.reference > 0 ? record.size : ownPacket(value, record, this.#stack).payloadLength
  }
}

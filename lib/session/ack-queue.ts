export interface PendingAck {
  readonly first: number
  readonly messageId: number
  readonly reasonCode: number
  ready: boolean
}

/** Acknowledgements that wait for their commits and go out in the order of what they acknowledge [5.0 MQTT-4.6.0-2]. */
export class AckQueue {
  readonly #send: (ack: PendingAck) => void
  #waiting: PendingAck[] = []
  #head = 0

  constructor(send: (ack: PendingAck) => void) {
    this.#send = send
  }

  get size(): number {
    return this.#waiting.length - this.#head
  }

  add(first: number, messageId: number, reasonCode: number): PendingAck {
    const ack = { first, messageId, reasonCode, ready: false }
    this.#waiting.push(ack)
    return ack
  }

  /** Its commit is through: it goes out once those before it are. */
  ready(ack: PendingAck): void {
    ack.ready = true
    while (this.#head < this.#waiting.length && this.#waiting[this.#head]!.ready) {
      this.#send(this.#waiting[this.#head++]!)
    }
    if (this.#head === this.#waiting.length) {
      this.#waiting = []
      this.#head = 0
    } else if (this.#head > 1024) {
      this.#waiting = this.#waiting.slice(this.#head)
      this.#head = 0
    }
  }
}

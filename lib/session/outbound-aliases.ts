/** The topic aliases we set up towards a client; they live as long as its connection. */
export class OutboundAliases {
  readonly #maximum: number
  readonly #aliases = new Map<string, number>()
  #last = 0

  /** `maximum`: what the client takes. We keep no more than 4096: each is a topic in memory, as long as it stays. */
  constructor(maximum: number) {
    this.#maximum = Math.min(maximum, 4096)
  }

  /** The alias a client knows for this topic; 0 when it knows none. */
  known(topic: string): number {
    return this.#aliases.get(topic) ?? 0
  }

  /** An alias to set up with the next message; 0 when all are taken [5.0 MQTT-3.1.2-26]. */
  assign(topic: string): number {
    if (this.#last >= this.#maximum) return 0
    this.#aliases.set(topic, ++this.#last)
    return this.#last
  }

  /** The message that was to set it up did not go out: the client does not know it. */
  forget(topic: string): void {
    if (this.#aliases.get(topic) === this.#last) this.#last--
    this.#aliases.delete(topic)
  }
}

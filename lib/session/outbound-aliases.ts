/** The topic aliases we set up towards a client; they live as long as its connection. */
export class OutboundAliases {
  readonly #maximum: number
  readonly #aliases = new Map<string, number>()

  constructor(maximum: number) {
    this.#maximum = maximum
  }

  /** The alias a client knows for this topic; 0 when it knows none. */
  known(topic: string): number {
    return this.#aliases.get(topic) ?? 0
  }

  /** An alias to set up with the next message; 0 when all are taken [5.0 MQTT-3.1.2-26]. */
  assign(topic: string): number {
    if (this.#aliases.size >= this.#maximum) return 0
    const alias = this.#aliases.size + 1
    this.#aliases.set(topic, alias)
    return alias
  }

  /** The message that was to set it up did not go out. */
  forget(topic: string): void {
    this.#aliases.delete(topic)
  }
}

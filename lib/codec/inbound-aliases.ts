import { MqttError } from '../errors.js'
import type { Topic } from '../topics/index.js'

/** The topic aliases a client has set up; they live as long as its connection [5.0 MQTT-3.3.2-7]. */
export class InboundAliases {
  readonly maximum: number
  readonly #topics = new Map<number, Topic>()

  constructor(maximum: number) {
    this.maximum = maximum
  }

  /**
   * The topic a PUBLISH means: its own, which the alias then stands for, or the one the alias stands for; null when
   * there is none.
   * @throws MqttError TopicAliasInvalid above the maximum [5.0 MQTT-3.3.2-9]
   */
  resolve(alias: number, topic: Topic | null): Topic | null {
    if (alias > this.maximum) {
      throw new MqttError('TopicAliasInvalid', `topic alias ${alias} is above the maximum of ${this.maximum}`)
    }
    if (topic === null) return this.#topics.get(alias) ?? null
    this.#topics.set(alias, topic)
    return topic
  }
}

/** The topic name of a PUBLISH, one object for all its messages. M is what the router keeps with it. */
export class Topic<M = unknown> {
  readonly name: string
  /** The same in UTF-8, a copy of its own. */
  readonly bytes: Buffer
  /** Stays until its owner replaces it. */
  match: M | null = null

  constructor(name: string, bytes: Buffer) {
    this.name = name
    this.bytes = bytes
  }
}

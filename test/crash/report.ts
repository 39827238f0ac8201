/** What can be wrong. Each is explained in main.ts. */
export const faults = [
  ...(['lost', 'duplicated QoS 2', 'out of order', 'from nowhere'] as const),
  ...(['retained', 'subscriptions', 'wills', 'sessions', 'refused', 'broker'] as const)
] as const

export type Fault = (typeof faults)[number]

/** So many of each kind are told in full. */
const mostExamples = 8

/** Counts what happened and what was wrong. */
export class Report {
  kills = 0
  /** Of these, while the broker started. */
  startKills = 0
  published = 0
  acknowledged = 0
  delivered = 0
  /** QoS 1, and none of them wrong. */
  repeated = 0
  subscriptionChanges = 0
  retainedChecks = 0
  storeChecks = 0
  wills = 0
  willsPublished = 0
  connections = 0
  readonly #wrong = new Map<Fault, string[]>(faults.map(fault => [fault, []]))

  wrong(fault: Fault, text: string): void {
    this.#wrong.get(fault)!.push(text)
  }

  count(fault: Fault): number {
    return this.#wrong.get(fault)!.length
  }

  get failed(): boolean {
    return faults.some(fault => this.count(fault) > 0)
  }

  /** All that was wrong, in words. */
  get examples(): string[] {
    return faults.flatMap(fault => {
      const texts = this.#wrong.get(fault)!
      const more = texts.length > mostExamples ? [`${fault}: and ${texts.length - mostExamples} more`] : []
      return [...texts.slice(0, mostExamples).map(text => `${fault}: ${text}`), ...more]
    })
  }

  get progress(): string {
    const wrong = faults.filter(fault => this.count(fault) > 0).map(fault => `${this.count(fault)} ${fault}`)
    const told = wrong.length > 0 ? wrong.join(', ') : 'nothing wrong'
    return `${this.kills} kills, ${this.acknowledged} acknowledged, ${this.delivered} delivered, ${told}`
  }

  get text(): string {
    const rows: Array<[string, number | string]> = [
      ['kills', `${this.kills}, ${this.startKills} of them during start-up`],
      ['connections', this.connections],
      ['messages published', this.published],
      ['acknowledged', this.acknowledged],
      ['delivered', `${this.delivered}, ${this.repeated} of them QoS 1 again`],
      ['changes of subscriptions', this.subscriptionChanges],
      ['looks at all retained', this.retainedChecks],
      ['checks of the store', this.storeChecks],
      ['wills', `${this.wills}, ${this.willsPublished} published`],
      ...faults.map((fault): [string, number] => [fault, this.count(fault)])
    ]
    return rows.map(([name, value]) => `${name.padEnd(26)}${value}`).join('\n')
  }
}

import type { Found, Order } from '../load/messages.js'

/** What a scenario tells about where it stands: usage of the broker is read at both points. */
export interface Meter {
  begin(): Promise<void>
  end(): Promise<void>
}

export interface Scenario {
  readonly name: string
  readonly title: string
  /** What `count` counts: "message", "connection". */
  readonly unit: string
  /** What the table shows of it; `disk` is what the directory of the broker grew by. Default: CPU alone. */
  readonly shows?: ReadonlyArray<'cpu' | 'memory' | 'disk'>
  /** It looks at memory: in a broker that has done something before, there is room for what comes. */
  readonly fresh?: boolean
  run(order: Order, meter: Meter): Promise<Found>
}

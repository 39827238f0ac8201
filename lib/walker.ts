import type { RunRegistry } from './chain.js'
import type { Client } from './client.js'
import { toError } from './errors.js'
import type { Next } from './flow.js'
import { type Packet, packetType } from './packets.js'
import type { Plan } from './plan.js'
import { advance, END, Run } from './run.js'

/** Tells the peer, in the way its protocol version has for it, and whoever looks at errors. */
export type Refuse = (client: Client, packet: Packet, err: Error) => void

/** Takes packets down the plan to their end, whatever happens on the way. */
export class Walker {
  /** Swapped with each new plan; a packet under way keeps the one it began with. */
  plan: Plan
  readonly #runs: RunRegistry
  readonly #refuse: Refuse

  constructor(plan: Plan, runs: RunRegistry, refuse: Refuse) {
    this.plan = plan
    this.#runs = runs
    this.#refuse = refuse
  }

  /** False when the packet has to be waited for: then `done`, or without it the client, is told when it is over. */
  walk(client: Client, packet: Packet, type: number, from: number, done: Next | null): boolean {
    const { plan } = this
    try {
      const result = advance(plan.packets[type]!, from, client, packet)
      if (result instanceof Run) {
        this.#wait(result, client, packet, done, plan)
        return false
      }
      if (result === END && this.#finish(plan, client, packet, type, done)) return false
    } catch (thrown) {
      this.#refuse(client, packet, toError(thrown))
    }
    done?.()
    return true
  }

  /** True when it has to be waited for. */
  #finish(plan: Plan, client: Client, packet: Packet, type: number, done: Next | null): boolean {
    const steps = plan.finish[type]!
    if (steps.fns.length === 0) return false
    const result = advance(steps, 0, client, packet)
    if (!(result instanceof Run)) return false
    this.#wait(result, client, packet, done, null)
    return true
  }

  /** `plan`: where to find who finishes, when nobody stops or refuses the packet. */
  #wait(run: Run, client: Client, packet: Packet, done: Next | null, plan: Plan | null): void {
    this.#runs.waiting(run)
    run.settled = (err, stopped) => {
      this.#runs.over(run)
      if (err !== null) this.#refuse(client, packet, err)
      else if (plan && !stopped) {
        try {
          if (this.#finish(plan, client, packet, packetType[packet.cmd], done)) return
        } catch (thrown) {
          this.#refuse(client, packet, toError(thrown))
        }
      }
      if (!done) {
        client.settled()
        return
      }
      try {
        done()
      } catch (thrown) {
        // Whoever settled the last handler has nothing to do with it.
        run.steps.report(toError(thrown))
      }
    }
  }
}

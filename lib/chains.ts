import { Chain, type RunRegistry } from './chain.js'
import type { Plan } from './plan.js'
import type { Steps } from './run.js'

/** The callback chains of a stack by name: made when first asked for, given new steps with each plan. */
export class Chains {
  readonly #made = new Map<string, Chain>()
  readonly #runs: RunRegistry
  readonly #report: (err: Error) => void
  #plan: Plan | null = null

  constructor(runs: RunRegistry, report: (err: Error) => void) {
    this.#runs = runs
    this.#report = report
  }

  /** A chain somebody has asked for before. */
  made(name: string): Chain | undefined {
    return this.#made.get(name)
  }

  get(name: string): Chain {
    let chain = this.#made.get(name)
    if (!chain) {
      chain = new Chain(name, this.#stepsOf(name), this.#runs)
      this.#made.set(name, chain)
    }
    return chain
  }

  follow(plan: Plan): void {
    this.#plan = plan
    for (const chain of this.#made.values()) chain.steps = this.#stepsOf(chain.name)
  }

  #stepsOf(title: string): Steps {
    return (
      this.#plan?.chains.get(title) ?? {
        ...{ title, fns: [], takesNext: [], owners: [], strict: false, guard: null },
        report: this.#report
      }
    )
  }
}

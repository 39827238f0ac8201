/** What can carry slots: clients and sessions. */
export interface SlotHolder {
  /** One array for all slots keeps every holder one shape, however many middlewares keep state on it. */
  readonly slots: unknown[]
}

/**
 * Typed state of a middleware on a client or a session, without ad-hoc properties:
 * `const timer = new Slot<Timer>(this.stack)` in `start()`, then `timer.get(client)`.
 * Slots are numbered by a stack, so two brokers in one process know nothing of each other.
 */
export class Slot<T> {
  readonly #index: number

  constructor(owner: { nextSlot(): number }) {
    this.#index = owner.nextSlot()
  }

  get(holder: SlotHolder): T | undefined {
    return holder.slots[this.#index] as T | undefined
  }

  set(holder: SlotHolder, value: T): T {
    const { slots } = holder
    // Filled up to the index so that the array stays packed and reads stay fast.
    while (slots.length < this.#index) slots.push(undefined)
    slots[this.#index] = value
    return value
  }

  delete(holder: SlotHolder): void {
    if (this.#index < holder.slots.length) holder.slots[this.#index] = undefined
  }
}

import { EventEmitter } from 'eventemitter3'
import { toError } from './errors.js'

/** Whoever listens looks on: what a listener throws must not end the work that it was told of. */
export abstract class SafeEmitter<Events extends object> extends EventEmitter<Events> {
  /** Told what a listener of another event than 'error' threw. */
  protected abstract listenerFailed(err: Error): void

  override emit<E extends EventEmitter.EventNames<Events>>(
    event: E,
    ...args: EventEmitter.EventArgs<Events, E>
  ): boolean {
    try {
      return super.emit(event, ...args)
    } catch (thrown) {
      // Nobody is left to be told but Node, which prints it.
      if (event === 'error') process.emitWarning(toError(thrown))
      else this.listenerFailed(toError(thrown))
      return true
    }
  }
}

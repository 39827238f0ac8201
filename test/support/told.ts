import type { Broker } from '../../lib/index.js'
import type { BrokerEvents } from '../../middlewares/index.js'

/** The next event of a broker. Ask before what makes it happen. */
export function told<E extends keyof BrokerEvents>(broker: Broker, event: E): Promise<BrokerEvents[E][0]> {
  return new Promise(resolve => broker.once(event, (...args) => resolve(args[0])))
}

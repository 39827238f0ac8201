import { type Client, type Hooks, type Packet, Stack, type StackOptions } from '../../lib/index.js'
import { FakeClock } from './fake-clock.js'
import { Peer } from './peer.js'
import { letIn } from './tiny.js'

export interface Hosted {
  stack: Stack
  clock: FakeClock
  /** What onError was told. */
  errors: Array<{ err: Error; client: Client | null; packet: Packet | null }>
  /** A client of it, in this protocol level, that is connected. */
  join(version?: 3 | 4 | 5, clientId?: string): Promise<{ peer: Peer; client: Client }>
}

/** A stack of these hooks before one that lets everybody in, on a clock that stands still. */
export async function hosted(hooks: Hooks[] = [], options: StackOptions = {}): Promise<Hosted> {
  const clock = new FakeClock()
  const errors: Hosted['errors'] = []
  const stack = new Stack({
    clock,
    onError: (err, client, packet) => errors.push({ err, client, packet }),
    ...options
  })
  stack.use(...hooks, letIn())
  await stack.start()
  return {
    stack,
    clock,
    errors,
    async join(version = 5, clientId = 'c') {
      const peer = new Peer(stack, version)
      await peer.connect({ clientId })
      return { peer, client: peer.client! }
    }
  }
}

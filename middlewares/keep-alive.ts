import type { Client, ConnectPacket, Outcome, PingreqPacket, Timer } from '../lib/index.js'
import { DONE, Middleware, MqttError } from '../lib/index.js'
import { type Range, range } from '../lib/options.js'

export interface KeepAliveConfig {
  /** Replaces what MQTT 5 clients ask for and is announced to them, in seconds; 0 is no timeout. Default: theirs. */
  serverKeepAlive: number | undefined
  /** The longest keep-alive MQTT 5 clients get, in seconds; those who ask for more, or for none, get this. Default: none. */
  maximumKeepAlive: number | undefined
  /** How often silent clients are looked for, in ms: how late a timeout may be. Default: 500. */
  sweepInterval: number
}

const ranges: Range<KeepAliveConfig> = {
  serverKeepAlive: [0, 65_535],
  maximumKeepAlive: [1, 65_535],
  sweepInterval: [10, 60_000]
}

/** How long a packet may stand still half-sent, in ms: it takes up memory, also of clients without a keep-alive. */
const packetTimeout = 30_000

/**
 * Answers PINGREQ, and closes clients that were silent for one and a half times their keep-alive
 * [5.0 MQTT-3.1.2-22] [3.1.1 MQTT-3.1.2-24]. One sweep looks at all clients: no timer a client.
 * Handles no callbacks and executes none. Stands after Connection.
 */
export class KeepAlive extends Middleware<KeepAliveConfig, 'connect' | 'pingreq'> {
  override readonly packets = ['connect', 'pingreq'] as const
  override readonly finishes = ['connect'] as const
  override readonly after = ['Connection'] as const
  #sweep: Timer | null = null

  constructor(config: Partial<KeepAliveConfig> = {}) {
    super(config, { serverKeepAlive: undefined, maximumKeepAlive: undefined, sweepInterval: 500 })
  }

  override check(): string[] {
    return range(this.config, ranges)
  }

  override start(): void {
    this.#sweep = this.stack.clock.every(this.config.sweepInterval, () => this.#closeSilent())
  }

  override stop(): void {
    this.#sweep?.cancel()
  }

  override handle(client: Client, packet: ConnectPacket | PingreqPacket): Outcome {
    if (packet.cmd === 'pingreq') {
      client.write({ cmd: 'pingresp' })
      return DONE
    }
    const keepalive = client.version === 5 ? this.#granted(packet.keepalive) : packet.keepalive
    client.keepalive = keepalive
    const answer = client.connack?.properties
    if (answer && keepalive !== packet.keepalive) answer.serverKeepAlive = keepalive
  }

  /** It waited for us until now: its time begins with the CONNACK. */
  override finish(client: Client): void {
    client.lastPacketAt = this.stack.clock.now()
  }

  #granted(asked: number): number {
    const { serverKeepAlive, maximumKeepAlive } = this.config
    if (serverKeepAlive !== undefined) return serverKeepAlive
    if (maximumKeepAlive === undefined) return asked
    return asked === 0 ? maximumKeepAlive : Math.min(asked, maximumKeepAlive)
  }

  #closeSilent(): void {
    const now = this.stack.clock.now()
    for (const client of this.stack.clients.values()) {
      if (client.state !== 'connected') continue
      if (client.isHeld) excuse(client, now)
      else if (client.keepalive > 0 && now - client.lastPacketAt > client.keepalive * 1500) {
        client.close('KeepAliveTimeout')
      } else if (client.halfPacketAt > 0 && now - client.halfPacketAt > packetTimeout) {
        client.close(new MqttError('KeepAliveTimeout', 'a packet stood still half-sent'))
      }
    }
  }
}

/** What we do not read we cannot blame it for. */
function excuse(client: Client, now: number): void {
  client.lastPacketAt = now
  if (client.halfPacketAt > 0) client.halfPacketAt = now
}

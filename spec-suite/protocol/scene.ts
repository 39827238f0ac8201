import { isDeepStrictEqual } from 'node:util'
import type mqtt from 'mqtt-packet'
import { Breach, NotApplicable } from './breach.js'
import type { BrokerFacts } from './broker/facts.js'
import { longKeepAlive } from './bytes.js'
import type { Surroundings } from './client/connection.js'
import { TestClient } from './client/test-client.js'
import type { OpenWebSocket, Target } from './link/link.js'
import { openWebSocket } from './link/web-socket.js'
import { levelOf, type Version } from './version.js'
import { receivedWords } from './words.js'

export interface SceneOptions extends Surroundings {
  readonly facts: BrokerFacts
  readonly username?: string | undefined
}

export interface ConnectOptions extends Partial<Omit<mqtt.IConnectPacket, 'cmd' | 'clean' | 'will'>> {
  /** What the dialogue calls it; a client id is made of it too. Default: client. */
  label?: string
  /** Another way to the broker than the one of the suite. */
  over?: Target | undefined
  /** Clean Start, or CleanSession. Default: true without `keep`, false with it. */
  clean?: boolean
  /** The session outlives the connection, by so many seconds where the version can say it: 3.1.1 cannot. */
  keep?: number
  /** Whether it acknowledges messages as they come, from the first one on. Default: true. */
  acknowledges?: boolean
  will?: Partial<mqtt.IConnectPacket['will']> & { topic: string }
}

/** The stage of one case: clients, names of its own, and judgements. */
export class Scene {
  readonly version: Version
  readonly is5: boolean
  readonly level: 4 | 5
  /** What the broker offers. */
  readonly facts: BrokerFacts
  readonly clients: TestClient[] = []
  /** Client ids whose sessions may be left behind. */
  readonly sessions = new Set<string>()
  readonly #options: SceneOptions
  readonly #timers = new Set<NodeJS.Timeout>()
  #count = 0
  #over = false

  constructor(options: SceneOptions) {
    this.#options = options
    this.version = options.version
    this.is5 = this.version === '5.0'
    this.level = levelOf(this.version)
    this.facts = options.facts
  }

  /** The first level of all topics of this case. */
  get root(): string {
    return `suite${this.#options.unique}`
  }

  /** A topic of this case: `suite…/name`. */
  readonly topic = (name = 'topic'): string => `${this.root}/${name}`

  /** A new client id of at most 23 letters and digits [5.0 MQTT-3.1.3-5]. */
  readonly clientId = (): string => `s${this.#options.unique}n${(this.#count++).toString(36)}`

  /** A connection on which nothing was said yet. */
  readonly open = async (label = 'client', over: Target = this.#options.target): Promise<TestClient> => {
    if (this.#over) throw new Error('the case is over')
    const same = this.clients.filter(client => client.label.replace(/ \d+$/, '') === label).length
    const around = { ...this.#options, target: over }
    const client = new TestClient(around, same === 0 ? label : `${label} ${same + 1}`)
    this.clients.push(client)
    await client.open()
    return client
  }

  /** A CONNECT as connect() sends it. The client id is `clientId`, or a new one. */
  readonly connectPacket = (options: ConnectOptions = {}): mqtt.IConnectPacket => {
    const { label: _, over: __, acknowledges: ___, ...rest } = options
    const { keep, clean = keep === undefined, will, properties, ...others } = rest
    const { username, password } = this.#options
    const expiry = this.is5 && keep !== undefined ? { sessionExpiryInterval: keep } : {}
    const own = { ...expiry, ...properties }
    const clientId = options.clientId ?? this.clientId()
    if (keep !== undefined || !clean || own.sessionExpiryInterval) this.sessions.add(clientId)
    return {
      ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: this.level, keepalive: longKeepAlive },
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password: Buffer.from(password) }),
      ...others,
      ...{ clientId, clean },
      ...(this.is5 && Object.keys(own).length > 0 && { properties: own }),
      ...(will && { will: { payload: Buffer.from('will'), qos: 0, retain: false, ...will } })
    } as mqtt.IConnectPacket
  }

  /** A client that is connected. @throws Breach when the broker does not accept it */
  readonly connect = async (options: ConnectOptions = {}): Promise<TestClient> => {
    const client = await this.open(options.label, options.over)
    const packet = this.connectPacket(options)
    client.clientId = packet.clientId
    client.acknowledges = options.acknowledges ?? true
    client.send(packet)
    const connack = await client.next('connack')
    if (connack.reasonCode !== 0) throw new Breach('CONNACK 0x00', `it was ${receivedWords(connack)}`)
    client.connack = connack
    client.clientId = connack.properties.assignedClientIdentifier ?? packet.clientId
    return client
  }

  /** A WebSocket to the broker, after its handshake. The case needs `webSocket`. */
  readonly webSocket = (protocols?: readonly string[]): Promise<OpenWebSocket> => {
    const place = this.#options.target.webSocket
    const url = this.facts.webSocketUrl!
    const signal = AbortSignal.timeout(this.#options.limit)
    return openWebSocket(
      place?.url === url ? place : { url, options: place?.options ?? {} },
      protocols,
      signal
    )
  }

  /** Lets time pass, where only time can show it. */
  readonly seconds = async (count: number): Promise<void> => {
    this.#options.dialogue.add('', 'event', `waits ${count} s`)
    await new Promise<void>(resolve => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        resolve()
      }, count * 1000)
      this.#timers.add(timer)
    })
  }

  /** No connection is left, and none can be made any more: what is left of a case that was stopped goes nowhere. */
  readonly close = (): void => {
    this.#over = true
    for (const timer of this.#timers) clearTimeout(timer)
    for (const client of this.clients) client.leave()
  }

  /** Something that helps a reader of the dialogue. */
  readonly note = (text: string): void => {
    this.#options.dialogue.add('', 'event', text)
  }

  /** @throws Breach unless both are the same. `ids`: the statements that this is about, of all that the case proves */
  readonly same = (found: unknown, wanted: unknown, what: string, ids: readonly string[] = []): void => {
    if (isDeepStrictEqual(found, wanted)) return
    throw new Breach(`${what}: ${shown(wanted)}`, `it was ${shown(found)}`, ids)
  }

  /** @throws Breach unless it holds */
  readonly check = (
    holds: boolean,
    expected: string,
    received: string,
    ids: readonly string[] = []
  ): void => {
    if (!holds) throw new Breach(expected, received, ids)
  }

  /** Ends the case: it has nothing to say about this broker. */
  readonly notApplicable = (reason: string): never => {
    throw new NotApplicable(reason)
  }
}

function shown(value: unknown): string {
  if (Buffer.isBuffer(value)) return `0x${value.toString('hex')}`
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 300 ? `${text.slice(0, 280)}… (${text.length} characters)` : text
}

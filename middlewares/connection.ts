import { isClientDisconnectReason } from '../lib/codec/index.js'
import type {
  Chain,
  Client,
  ConnackPacket,
  ConnectPacket,
  Ctx,
  DisconnectPacket,
  Handles,
  MaybePromise,
  Outcome,
  Packet,
  Timer
} from '../lib/index.js'
import { after, DONE, Middleware, MqttError, Session } from '../lib/index.js'
import { type Range, range } from '../lib/options.js'
import { Claims } from '../lib/session/claims.js'

export interface ConnectionConfig {
  /** How long a connection may take to its CONNECT and its CONNACK, in ms. Default: 10 000. */
  connectTimeout: number
  /** The longest client id taken, in bytes. Default: 65 535, the protocol's limit. MQTT 3.1 always has 23. */
  maximumClientIdLength: number
  /** Sent to clients that ask for Response Information (MQTT 5.0, 3.2.2.3.15). Default: none. */
  responseInformation: string | ((client: Client) => string | undefined) | undefined
}

const ranges: Range<ConnectionConfig> = {
  connectTimeout: [1, 2 ** 31 - 1],
  maximumClientIdLength: [23, 65_535]
}

/** Packets that only a server sends. */
const serverOnly: ReadonlySet<string> = new Set(['connack', 'suback', 'unsuback', 'pingresp'])

/** Shared with the instance that replaces this one: a CONNECT under way is finished by the one it began with. */
interface State {
  readonly claims: Claims
  /** Without a CONNACK so far, in the order they came. */
  readonly halfOpen: Set<Client>
  readonly connected: Set<Client>
  /** Those who said DISCONNECT 0x00. */
  readonly clean: WeakSet<Client>
  /** How many client ids were given out. */
  assigned: number
}

/**
 * Makes a connection of a socket: CONNECT comes first and once, every client has an id, and one owner; answers with
 * CONNACK when nobody refused, and tells everybody how a connection ended.
 * Handles: claimClientId, closeClient. Executes: clientConnected, cleanDisconnect, uncleanDisconnect,
 * clientDisconnected, sessionEnded. Stands before all that look at packets; hooks may stand before it.
 */
export class Connection
  extends Middleware<ConnectionConfig>
  implements Handles<'claimClientId' | 'closeClient'>
{
  override readonly finishes = ['connect', 'disconnect'] as const
  override readonly executes = [
    'clientConnected',
    'cleanDisconnect',
    'uncleanDisconnect',
    'clientDisconnected',
    'sessionEnded'
  ] as const
  override readonly before = [
    ...(['Authentication', 'KeepAlive', 'Authorize', 'LastWill', 'SessionManager'] as const),
    ...(['SubscriptionManager', 'RetainManager', 'InboundManager', 'OutboundManager'] as const)
  ]
  #state: State = {
    ...{ claims: new Claims(), halfOpen: new Set(), connected: new Set() },
    ...{ clean: new WeakSet(), assigned: 0 }
  }
  #sweep: Timer | null = null
  #connectedChain!: Chain<Ctx<'clientConnected'>, void>

  constructor(config: Partial<ConnectionConfig> = {}) {
    super(config, { connectTimeout: 10_000, maximumClientIdLength: 65_535, responseInformation: undefined })
  }

  override check(): string[] {
    return range(this.config, ranges)
  }

  override start(): void {
    this.#connectedChain = this.stack.chain('clientConnected')
    const interval = Math.max(50, Math.min(1000, this.config.connectTimeout / 4))
    this.#sweep = this.stack.clock.every(interval, () => this.#dropHalfOpen())
  }

  override stop(): void {
    this.#sweep?.cancel()
  }

  override exportState(): unknown {
    return this.#state
  }

  override importState(state: State): void {
    this.#state = state
  }

  override install(client: Client): void {
    if (!this.#state.connected.has(client)) this.#state.halfOpen.add(client)
  }

  override uninstall(client: Client): void {
    const { halfOpen, connected, claims, clean: said } = this.#state
    halfOpen.delete(client)
    if (client.isOpen) return
    claims.release(client)
    if (this.stack.clients.get(client.id) === client) this.stack.clients.delete(client.id)
    if (!connected.delete(client)) return
    const clean = said.has(client)
    const err = client.closedBy
    if (!clean) this.stack.chain('uncleanDisconnect').tell({ client, err })
    this.#endOwnSession(client)
    this.stack.chain('clientDisconnected').tell({ client, clean, err })
  }

  override handle(client: Client, packet: Packet): Outcome {
    if (packet.cmd === 'connect') return this.#connect(client, packet)
    if (client.state !== 'connected') return this.#beforeConnack(client, packet)
    if (serverOnly.has(packet.cmd)) {
      throw new MqttError('ProtocolError', `only a server sends ${packet.cmd}`)
    }
    if (packet.cmd === 'disconnect') judgeDisconnect(packet)
  }

  override finish(client: Client, packet: ConnectPacket | DisconnectPacket): Outcome {
    if (packet.cmd === 'disconnect') return this.#disconnect(client, packet)
    return after(this.#claim(client, client.id), () => this.#accept(client, packet))
  }

  claimClientId({ client, clientId }: Ctx<'claimClientId'>): MaybePromise<void> {
    return this.#claim(client, clientId)
  }

  closeClient({ client, err }: Ctx<'closeClient'>): void {
    client.close(err)
  }

  #connect(client: Client, packet: ConnectPacket): void {
    if (client.state !== 'new' || client.connack) {
      throw new MqttError('ProtocolError', 'a second CONNECT on one connection [5.0 MQTT-3.1.0-2]')
    }
    const connack: ConnackPacket = { cmd: 'connack', sessionPresent: false, reasonCode: 0, properties: {} }
    client.connack = connack
    const { properties } = packet
    // First of all what bounds the answer, also the one that refuses.
    if (packet.protocolVersion === 5) {
      client.receiveMaximum = properties?.receiveMaximum ?? 65_535
      client.maximumPacketSize = properties?.maximumPacketSize ?? 0xffff_ffff
      client.topicAliasMaximum = properties?.topicAliasMaximum ?? 0
      client.problemInformation = properties?.requestProblemInformation ?? true
    }
    const assigned = packet.clientId === '' ? this.#assign(packet) : null
    this.#checkClientId(packet)
    client.id = assigned ?? packet.clientId
    client.username = packet.username
    client.keepalive = packet.keepalive
    if (packet.protocolVersion !== 5) return
    const answer = connack.properties!
    answer.maximumPacketSize = this.stack.options.maximumPacketSize
    if (assigned !== null) answer.assignedClientIdentifier = assigned
    const { responseInformation: info } = this.config
    if (properties?.requestResponseInformation && info !== undefined) {
      const text = typeof info === 'function' ? info(client) : info
      if (text !== undefined) answer.responseInformation = text
    }
  }

  /** An id of our own for a client that has none [5.0 MQTT-3.1.3-6]; null where its version needs one. */
  #assign(packet: ConnectPacket): string {
    // MQTT 3.1.1: only with a clean session [3.1.1 MQTT-3.1.3-8]; MQTT 3.1 does not know empty ids.
    if (packet.protocolVersion === 3 || (packet.protocolVersion === 4 && !packet.clean)) {
      throw new MqttError('ClientIdentifierNotValid', 'an empty client id is not allowed here')
    }
    for (;;) {
      const random = Math.floor(this.stack.random() * 2 ** 48).toString(36)
      const id = `auto-${random}-${(++this.#state.assigned).toString(36)}`
      if (!this.stack.clients.has(id) && !this.stack.sessions.has(id)) return id
    }
  }

  #checkClientId({ clientId, protocolVersion }: ConnectPacket): void {
    // MQTT 3.1, 3.1: between 1 and 23 characters.
    const tooLong =
      protocolVersion === 3
        ? [...clientId].length > 23
        : Buffer.byteLength(clientId) > this.config.maximumClientIdLength
    if (tooLong) throw new MqttError('ClientIdentifierNotValid', 'the client id is too long')
  }

  /** Serialises the connections of one client id: the older one is over before the newer one goes on. */
  #claim(client: Client, clientId: string): MaybePromise<void> {
    const { claims } = this.#state
    return after(claims.take(client, clientId), () => {
      // Gone while it waited or was authenticated: it takes nothing over.
      if (!client.isOpen) {
        claims.release(client)
        return
      }
      const older = this.stack.clients.get(clientId)
      if (older === undefined || older === client) return
      older.close(new MqttError('SessionTakenOver', 'another connection took the client id', { fatal: true }))
    })
  }

  #accept(client: Client, packet: ConnectPacket): void {
    if (!client.isOpen) return
    const { claims, halfOpen, connected } = this.#state
    const connack = client.connack!
    const { sessionPresent } = connack
    // MQTT 3.1 has a reserved byte there.
    if (client.version === 3) connack.sessionPresent = false
    client.write(connack, err => {
      if (err) client.drop(err as MqttError)
    })
    // Too large for the peer: a connection without its CONNACK is none.
    if (!client.isOpen) return
    client.session ??= this.#ownSession(client)
    client.connack = null
    client.state = 'connected'
    halfOpen.delete(client)
    connected.add(client)
    this.stack.clients.set(client.id, client)
    claims.release(client)
    this.#connectedChain.tell({ client, packet, sessionPresent })
  }

  /** AUTH goes on with the exchange that CONNECT began; DISCONNECT ends what has not begun. */
  #beforeConnack(client: Client, { cmd }: Packet): Outcome {
    if (client.connack === null) {
      throw new MqttError('ProtocolError', 'the first packet has to be CONNECT [5.0 MQTT-3.1.0-1]')
    }
    if (cmd === 'auth') return
    if (cmd !== 'disconnect') {
      throw new MqttError('ProtocolError', `${cmd} before CONNACK [5.0 MQTT-3.1.2-30]`)
    }
    client.close()
    return DONE
  }

  #disconnect(client: Client, packet: DisconnectPacket): void {
    if (packet.reasonCode === 0) {
      this.#state.clean.add(client)
      this.stack.chain('cleanDisconnect').tell({ client })
    }
    client.close()
  }

  /** A stack without a SessionManager: every session ends with its connection. */
  #ownSession(client: Client): Session {
    const session = new Session(client.id)
    session.client = client
    return session
  }

  #endOwnSession({ session, id }: Client): void {
    if (
      session === null ||
      session.ended ||
      session.client === null ||
      this.stack.sessions.get(id) === session
    )
      return
    session.ended = true
    session.client = null
    this.stack.chain('sessionEnded').tell({ session, reason: 'closed' })
  }

  #dropHalfOpen(): void {
    const late = this.stack.clock.now() - this.config.connectTimeout
    for (const client of this.#state.halfOpen) {
      if (client.connectedAt > late) return
      client.drop(new MqttError('UnspecifiedError', 'not connected in time', { fatal: true }))
    }
  }
}

/** What only a server may say (MQTT 5.0, 3.14.2). */
function judgeDisconnect({ reasonCode, properties }: DisconnectPacket): void {
  if (!isClientDisconnectReason(reasonCode) || properties?.serverReference !== undefined) {
    throw new MqttError('ProtocolError', 'only a server says DISCONNECT like this [5.0 MQTT-3.14.2-1]')
  }
}

import type {
  AuthPacket,
  Chain,
  Client,
  ConnectPacket,
  Ctx,
  MaybePromise,
  Outcome,
  Store
} from '../lib/index.js'
import { after, DONE, Middleware, MqttError, Slot } from '../lib/index.js'

export interface AuthenticationConfig {
  /**
   * Whether clients without credentials are let in; a listener may say otherwise. Default: those of this machine,
   * while nobody handles authenticateConnection.
   */
  allowAnonymous: boolean | undefined
}

/** An exchange of AUTH packets that is not over (MQTT 5.0, 4.12). */
interface Exchange {
  readonly method: string
  /** The CONNECT that waits for it; null while a connected client authenticates again. */
  readonly connect: ConnectPacket | null
  round: number
}

interface State {
  /** The method of the CONNECT; null without enhanced authentication. */
  method: string | null
  exchange: Exchange | null
}

/**
 * Lets in whom authenticateConnection (user name and password, certificate) or authenticateExchange (MQTT 5 enhanced
 * authentication, any number of AUTH rounds, also again while connected) lets in.
 * Executes: authenticateConnection, authenticateExchange. Stands after Connection, before Authorize, LastWill and
 * SessionManager.
 */
export class Authentication extends Middleware<AuthenticationConfig, 'connect' | 'auth'> {
  override readonly packets = ['connect', 'auth'] as const
  override readonly executes = ['authenticateConnection', 'authenticateExchange'] as const
  override readonly after = ['Connection'] as const
  override readonly before = ['Authorize', 'LastWill', 'SessionManager'] as const
  #states!: Slot<State>
  #connection!: Chain<Ctx<'authenticateConnection'>, Store<'authenticateConnection'>>

  constructor(config: Partial<AuthenticationConfig> = {}) {
    super(config, { allowAnonymous: undefined })
  }

  override start(): void {
    this.#states ??= new Slot(this.stack)
    this.#connection = this.stack.chain('authenticateConnection')
  }

  override exportState(): unknown {
    return this.#states
  }

  override importState(state: Slot<State>): void {
    this.#states = state
  }

  override handle(client: Client, packet: ConnectPacket | AuthPacket): Outcome {
    if (packet.cmd === 'auth') return this.#auth(client, packet)
    const method = packet.properties?.authenticationMethod ?? null
    if (method === null) return this.#credentials(client, packet)
    if (!this.stack.handles('authenticateExchange')) throw unsupported(method)
    const exchange: Exchange = { method, connect: packet, round: 0 }
    const state = this.#states.set(client, { method, exchange })
    return after(this.#round(client, exchange, packet.properties?.authenticationData), data => {
      if (data === 'continue') return DONE
      state.exchange = null
      this.#announce(client, method, data)
    })
  }

  #credentials(client: Client, packet: ConnectPacket): MaybePromise<void> {
    const { username, password } = packet
    const nobody = this.#connection.size === 0
    // Credentials that nobody looks at are not wrong: the client counts as anonymous.
    const anonymous = nobody || (username === undefined && password === undefined)
    const { allowAnonymous, local } = client.info
    const unless = nobody && local === true
    const store = { valid: anonymous && (allowAnonymous ?? this.config.allowAnonymous ?? unless) }
    return after(this.#connection.run({ client, packet, username, password }, store), () => {
      if (store.valid) return
      throw anonymous
        ? new MqttError('NotAuthorized', 'anonymous clients are not allowed here')
        : new MqttError('BadUserNameOrPassword')
    })
  }

  #auth(client: Client, packet: AuthPacket): MaybePromise<typeof DONE> {
    const state = this.#states.get(client)
    const { authenticationMethod: method, authenticationData: data } = packet.properties ?? {}
    if (!state?.method) {
      throw new MqttError(
        'ProtocolError',
        'AUTH without an authentication method in CONNECT [5.0 MQTT-4.12.0-7]'
      )
    }
    if (method !== state.method) {
      throw new MqttError('ProtocolError', 'AUTH with another method than CONNECT [5.0 MQTT-4.12.0-5]')
    }
    const exchange = this.#exchangeFor(client, packet, state)
    return after(this.#round(client, exchange, data), answer => {
      // Gone meanwhile: what CONNECT wanted is not to happen any more.
      if (answer === 'continue' || !client.isOpen) return DONE
      state.exchange = null
      const { connect } = exchange
      if (connect === null) {
        client.write({ cmd: 'auth', reasonCode: 0, properties: answered(method, answer) })
        return DONE
      }
      this.#announce(client, method, answer)
      return new Promise(resolve => this.stack.proceed(client, connect, this, () => resolve(DONE)))
    })
  }

  /** AUTH 0x18 goes on with the exchange under way, AUTH 0x19 starts one [5.0 MQTT-4.12.0-3] [5.0 MQTT-4.12.1-1]. */
  #exchangeFor(client: Client, packet: AuthPacket, state: State): Exchange {
    if (packet.reasonCode === 0x18 && state.exchange) return state.exchange
    if (packet.reasonCode === 0x19 && client.state === 'connected' && !state.exchange) {
      state.exchange = { method: state.method!, connect: null, round: 0 }
      return state.exchange
    }
    throw new MqttError('ProtocolError', `AUTH with reason code ${packet.reasonCode} is not expected now`)
  }

  /** What the server has to say last, or 'continue' when an AUTH 0x18 went out. */
  #round(
    client: Client,
    exchange: Exchange,
    data: Buffer | undefined
  ): MaybePromise<Buffer | undefined | 'continue'> {
    const { method, connect } = exchange
    const phase = connect ? ('connect' as const) : ('reauthenticate' as const)
    const store: Store<'authenticateExchange'> = { outcome: null }
    const round = exchange.round++
    return after(
      this.stack.execute('authenticateExchange', { client, method, data, phase, round }, store),
      () => {
        if (store.outcome === 'success') return store.data
        if (store.outcome !== 'continue') throw connect ? unsupported(method) : failed(method)
        client.write({ cmd: 'auth', reasonCode: 0x18, properties: answered(method, store.data) })
        return 'continue'
      }
    )
  }

  #announce(client: Client, method: string, data: Buffer | undefined): void {
    Object.assign(client.connack!.properties!, answered(method, data))
  }
}

function answered(authenticationMethod: string, authenticationData: Buffer | undefined) {
  return { authenticationMethod, ...(authenticationData && { authenticationData }) }
}

/** 0x8C does not exist in DISCONNECT. */
function failed(method: string): MqttError {
  return new MqttError('NotAuthorized', `the authentication with '${method}' was not renewed`)
}

function unsupported(method: string): MqttError {
  return new MqttError(
    'BadAuthenticationMethod',
    `the authentication method '${method}' is not supported here`
  )
}

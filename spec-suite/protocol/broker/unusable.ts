import { visible } from '../visible.js'

/** There is nothing that the suite could run on. */
export class BrokerUnusable extends Error {
  override readonly name = 'BrokerUnusable'
  /** The URL, without a password. */
  readonly target: string
  /** How Node.js calls it (`ECONNREFUSED`), `TIMEOUT`, `REFUSED` when it answered and does not want us, or ''. */
  readonly code: string

  constructor(target: string, code: string, message: string) {
    super(visible(message))
    this.target = target
    this.code = code
  }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there (connection refused)',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'it does not answer',
  ECONNRESET: 'it closed the connection at once',
  EPROTO: 'it does not speak TLS there',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is from an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is from an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is from an authority that is not trusted'
}

/** Errors that have no code, or one that changes with the version of Node.js. */
function* told(message: string): Generator<string> {
  if (/wrong version number|packet length too long/i.test(message)) yield reasons.EPROTO!
  const [, status] = /^Unexpected server response: (\d+)/.exec(message) ?? []
  if (status) yield `it answers with HTTP ${status}, and opens no WebSocket at this path`
  if (/subprotocol/.test(message)) yield "it does not know the subprotocol 'mqtt'"
  if (/^Parse Error/.test(message)) yield 'it does not speak HTTP there'
}

/** What an error of a connection means, for people. */
export function unreachable(target: string, err: unknown): BrokerUnusable {
  const { code = '', message } = err as NodeJS.ErrnoException
  const reason = reasons[code] ?? ([...told(message)][0] || message || code || String(err))
  return new BrokerUnusable(target, code, `${target} cannot be reached: ${reason}`)
}

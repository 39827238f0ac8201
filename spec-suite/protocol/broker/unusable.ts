/** There is nothing that the suite could run on. */
export class BrokerUnusable extends Error {
  override readonly name = 'BrokerUnusable'
  /** The URL, without a password. */
  readonly target: string
  /** How Node.js calls it (`ECONNREFUSED`), `TIMEOUT`, `REFUSED` when it answered and does not want us, or ''. */
  readonly code: string

  constructor(target: string, code: string, message: string) {
    super(message)
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

/** What an error of a connection means, for people. */
export function unreachable(target: string, err: unknown): BrokerUnusable {
  const { code = '', message } = err as NodeJS.ErrnoException
  const known =
    reasons[code] ?? (/wrong version number|packet length too long/i.test(message) ? reasons.EPROTO : '')
  const reason = known || message || code || String(err)
  return new BrokerUnusable(target, code, `${target} cannot be reached: ${reason}`)
}

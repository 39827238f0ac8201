import type { BrokerUnusable } from '../../../spec-suite/protocol/broker/unusable.js'

const untrusted = 'name its authority with --tls-ca, or take any certificate with --tls-insecure'
const steps: Readonly<Record<string, string>> = {
  TIMEOUT: 'check host, port and firewall, or give it longer with --timeout',
  ETIMEDOUT: 'check host, port and firewall',
  ENOTFOUND: 'check how it is spelt',
  EPROTO: 'use mqtt:// or ws://, or check the port',
  ERR_SSL_WRONG_VERSION_NUMBER: 'use mqtt:// or ws://, or check the port',
  ERR_TLS_CERT_ALTNAME_INVALID: 'use the name that is in the certificate, or --tls-insecure',
  CERT_HAS_EXPIRED: 'renew it, or take any certificate with --tls-insecure',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted
}

/** What to do about a broker that cannot be used. */
export function nextStep({ code, message, target }: BrokerUnusable): string {
  if (code === 'ECONNRESET' && /^(mqtts|wss):/.test(target)) return steps.EPROTO!
  if (/HTTP|subprotocol/.test(message)) return 'check port and path: ws://host:port/path'
  if (code !== 'REFUSED') return steps[code] ?? 'start the broker, or check host and port'
  if (/\b0x(04|05|86|87|8C)\b/.test(message))
    return 'say who the clients are with --username and --password-file'
  if (/\b0x(01|84)\b/.test(message)) return 'choose another version with --version, or leave it out'
  return 'check that this port speaks MQTT; one for TLS needs mqtts://, one for WebSocket ws://'
}

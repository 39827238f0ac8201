import type { CommandOption } from './option.js'

const port = [0, 65_535] as const

/** Where `stackmq start` listens, whom it lets in, and what it logs. */
export const listenerOptions = [
  {
    ...{ name: 'port', kind: 'count', group: 'listeners', value: 'PORT', range: port },
    about: 'MQTT over TCP',
    fallback: '1883, unless another listener is named'
  },
  {
    ...{ name: 'ws-port', kind: 'count', group: 'listeners', value: 'PORT', range: port },
    about: 'MQTT over WebSocket',
    fallback: '8083, unless another listener is named'
  },
  {
    ...{ name: 'tls-port', kind: 'count', group: 'listeners', value: 'PORT', range: port },
    about: 'MQTT over TLS, usually 8883; needs a certificate'
  },
  {
    ...{ name: 'wss-port', kind: 'count', group: 'listeners', value: 'PORT', range: port },
    about: 'MQTT over secure WebSocket, usually 8084; needs a certificate'
  },
  {
    ...{ name: 'unix', kind: 'path', group: 'listeners', value: 'PATH' },
    about: 'MQTT over a Unix socket'
  },
  {
    ...{ name: 'host', kind: 'text', group: 'listeners', value: 'ADDRESS' },
    about: 'The address to listen on, of every port; localhost is both loopback addresses',
    fallback: 'localhost, or every address when clients need a password'
  },
  {
    ...{ name: 'ws-path', kind: 'text', group: 'listeners', value: 'PATH' },
    about: 'The path of WebSocket URLs',
    fallback: '/mqtt'
  },
  {
    ...{
      name: 'max-connections',
      kind: 'count',
      group: 'listeners',
      value: 'N',
      range: [1, Number.POSITIVE_INFINITY]
    },
    about: 'Connections beyond it are refused, on each listener',
    fallback: 'unlimited'
  },

  {
    ...{ name: 'tls-cert', kind: 'path', group: 'tls', value: 'FILE' },
    about: 'The certificate and its chain (PEM)'
  },
  {
    ...{ name: 'tls-key', kind: 'path', group: 'tls', value: 'FILE' },
    about: 'The private key of the certificate (PEM)'
  },
  {
    ...{ name: 'tls-ca', kind: 'path', group: 'tls', value: 'FILE' },
    about: 'The authorities that client certificates are checked against (PEM)'
  },
  {
    ...{ name: 'tls-require-client-cert', kind: 'flag', group: 'tls' },
    about: 'Only lets in clients with a certificate that --tls-ca vouches for'
  },

  {
    ...{ name: 'allow-anonymous', kind: 'flag', group: 'access', broker: 'allowAnonymous' },
    about: 'Lets in clients without a user name, from other machines too'
  },
  {
    ...{ name: 'username', kind: 'text', group: 'access', value: 'NAME' },
    about: 'The one user that is let in; needs a password'
  },
  {
    ...{ name: 'password', kind: 'text', group: 'access', value: 'TEXT' },
    about: 'Its password; other users of the machine see it, so prefer the environment variable or a file'
  },
  {
    ...{ name: 'password-file', kind: 'path', group: 'access', value: 'FILE' },
    about: 'A file with the password; a line break at its end is left out'
  },

  {
    ...{ name: 'log-level', kind: 'choice', group: 'logging', value: 'LEVEL' },
    choices: ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'],
    about: 'What is logged; debug has a line for every packet, trace one for every step of it',
    fallback: 'info'
  },
  {
    ...{ name: 'log-format', kind: 'choice', choices: ['pretty', 'json'], group: 'logging', value: 'FORMAT' },
    about: 'For people or for programs',
    fallback: 'pretty on a terminal, else json'
  }
] as const satisfies readonly CommandOption[]

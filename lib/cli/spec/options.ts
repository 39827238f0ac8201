import type { CommandOption } from '../option.js'

export const specGroups = {
  cases: 'Which cases run',
  broker: 'The broker',
  report: 'The report',
  lists: 'Without a broker'
} as const

export type SpecGroup = keyof typeof specGroups

/** The options of `stackmq spec`. */
export const specOptions = [
  {
    ...{ name: 'version', kind: 'choice', group: 'cases', value: 'VERSION' },
    choices: ['3.1.1', '5', '5.0', 'all'],
    about: 'The version of MQTT; one that is named has to be spoken by the broker',
    fallback: 'all that the broker speaks'
  },
  {
    ...{ name: 'only', kind: 'text', group: 'cases', value: 'WHAT', many: true },
    about:
      'A statement (3.8.4-8, also with MQTT- before it), a chapter (3, 3.8), or the name of a case; may be given more than once, or as a list with commas',
    fallback: 'everything'
  },

  {
    ...{ name: 'capabilities', kind: 'path', group: 'broker', value: 'FILE' },
    about: 'What the broker offers and cannot say itself, and what is known to fail; see below'
  },
  {
    ...{ name: 'username', kind: 'text', group: 'broker', value: 'NAME' },
    about: 'Who the clients say they are; also STACKMQ_USERNAME, or in the URL'
  },
  {
    ...{ name: 'password', kind: 'text', group: 'broker', value: 'TEXT' },
    about: 'Other users of the machine see it, so prefer STACKMQ_PASSWORD or a file'
  },
  {
    ...{ name: 'password-file', kind: 'path', group: 'broker', value: 'FILE' },
    about: 'A file with the password; a line break at its end is left out'
  },
  {
    ...{ name: 'also', kind: 'text', group: 'broker', value: 'URL', many: true },
    about:
      'The same broker with other settings: cases that need what the first one lacks run there; may be given more than once'
  },
  {
    ...{ name: 'timeout', kind: 'duration', unit: 'ms', group: 'broker', value: 'TIME' },
    range: [100, 600_000],
    about: 'How long the broker may take for an answer, and for taking a connection',
    fallback: '5s'
  },
  {
    ...{ name: 'parallel', kind: 'count', group: 'broker', value: 'N', range: [1, 1000] },
    about: 'How many cases run at a time; those that only wait are not counted',
    fallback: '16'
  },
  {
    ...{ name: 'tls-ca', kind: 'path', group: 'broker', value: 'FILE' },
    about: 'The authorities that the certificate of the broker is checked against (PEM)',
    fallback: 'those of Node.js'
  },
  {
    ...{ name: 'tls-cert', kind: 'path', group: 'broker', value: 'FILE' },
    about: 'A certificate for the clients (PEM)'
  },
  {
    ...{ name: 'tls-key', kind: 'path', group: 'broker', value: 'FILE' },
    about: 'The private key of that certificate (PEM)'
  },
  {
    ...{ name: 'tls-insecure', kind: 'flag', group: 'broker' },
    about: 'Takes any certificate from the broker'
  },

  {
    ...{ name: 'reporter', kind: 'choice', group: 'report', value: 'NAME' },
    choices: ['pretty', 'tap', 'json', 'junit', 'html'],
    about: 'The form of the report; html is one page to read in a browser',
    fallback: 'pretty'
  },
  {
    ...{ name: 'output', kind: 'path', group: 'report', value: 'FILE' },
    about: 'Where the report goes',
    fallback: 'standard output'
  },
  {
    ...{ name: 'against', kind: 'text', group: 'report', value: 'URL' },
    about:
      'Another broker that runs the same cases: the report shows where the two differ (pretty, json, html)'
  },

  {
    ...{ name: 'list', kind: 'flag', group: 'lists' },
    about: 'Lists the cases; with --only and --version those that are meant'
  },
  {
    ...{ name: 'coverage', kind: 'flag', group: 'lists' },
    about: 'Shows how much of the specification the suite is about, and what nobody can test'
  }
] as const satisfies readonly CommandOption<SpecGroup>[]

export type SpecOptionName = (typeof specOptions)[number]['name']

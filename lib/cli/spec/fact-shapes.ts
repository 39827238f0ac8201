import type { BrokerFacts, EnhancedAuthentication } from '../../../spec-suite/protocol/broker/facts.js'

/** What a value has to be. */
export interface Shape {
  /** Completes "give …". */
  readonly text: string
  fits(value: unknown): boolean
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

export const truth: Shape = { text: 'true or false', fits: value => typeof value === 'boolean' }
export const text: Shape = { text: 'a text', fits: isText }
export const anyText: Shape = { text: 'a text', fits: value => typeof value === 'string' }
const texts: Shape = {
  text: 'a list of texts',
  fits: value => Array.isArray(value) && value.every(one => typeof one === 'string')
}

function integer(low: number, high: number): Shape {
  const fits = (value: unknown) =>
    Number.isInteger(value) && (value as number) >= low && (value as number) <= high
  return { text: `an integer from ${low} to ${high}`, fits }
}

function orNull(shape: Shape): Shape {
  return { text: `${shape.text}, or null`, fits: value => value === null || shape.fits(value) }
}

/** Capabilities that are a value; the one that is an object has fields of its own. */
export const factShapes: Readonly<Record<Exclude<keyof BrokerFacts, 'enhancedAuthentication'>, Shape>> = {
  versions: {
    text: 'a list of "3.1.1" and "5.0"',
    fits: value =>
      Array.isArray(value) && value.length > 0 && value.every(one => one === '3.1.1' || one === '5.0')
  },
  ...{ retain: truth, wildcards: truth, sharedSubscriptions: truth, subscriptionIdentifiers: truth },
  ...{ emptyClientIds: truth, sessions: truth, authentication: truth },
  ...{ maximumQos: integer(0, 2), topicAliasMaximum: integer(0, 65_535), receiveMaximum: integer(1, 65_535) },
  ...{ maximumPacketSize: orNull(integer(1, 268_435_460)), serverKeepAlive: orNull(integer(0, 65_535)) },
  ...{ refusedClientId: orNull(text), refusedTopic: orNull(text), refusedFilter: orNull(text) },
  webSocketUrl: orNull({
    text: 'a URL (ws://host:port/path)',
    fits: value => isText(value) && /^wss?:\/\//.test(value) && URL.canParse(value)
  })
}

export const methodShapes: Readonly<Record<keyof EnhancedAuthentication, Shape>> = {
  ...{ method: text, data: anyText, answers: texts, wrong: anyText, reauthentication: truth }
}

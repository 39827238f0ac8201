import { Breach } from '../breach.js'
import { Dialogue } from '../dialogue.js'
import type { Target } from '../link/link.js'
import { Scene } from '../scene.js'
import type { Version } from '../version.js'
import type { Received } from '../wire/received.js'
import { receivedWords } from '../words.js'
import { assumed, type BrokerFacts } from './facts.js'
import { BrokerUnusable } from './unusable.js'

export interface Probe {
  readonly facts: BrokerFacts
  readonly refused: ReadonlyArray<{ readonly version: Version; readonly reason: string }>
}

export interface ProbeOptions {
  readonly target: Target
  readonly versions: readonly Version[]
  /** What is known already, and not found out. */
  readonly given: Partial<BrokerFacts>
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly unique: string
  readonly limit: number
}

/**
 * Finds out what a broker offers.
 * @throws BrokerUnusable when it cannot be reached, or speaks none of the versions
 */
export async function probe(options: ProbeOptions): Promise<Probe> {
  const { target, given, versions } = options
  const found: BrokerFacts = { ...assumed, webSocketUrl: target.webSocket?.url ?? null }
  const answers = await Promise.all(
    versions.map(async (version, i) => {
      const own = { ...options, unique: `${options.unique}${i}` }
      return { version, reason: await connackOf(version, own, found) }
    })
  )
  const refused = answers.filter(({ reason }) => reason !== '')
  if (refused.length === versions.length) throw refuses(target.name, refused)
  found.versions = versions.filter(version => !refused.some(one => one.version === version))
  return { facts: { ...found, ...given }, refused }
}

/** It takes no CONNECT of these versions. */
export function refuses(name: string, refused: Probe['refused']): BrokerUnusable {
  const words = refused.map(({ version }) => `MQTT ${version}`).join(' and ')
  const reasons = [...new Set(refused.map(({ reason }) => reason))].join('; ')
  return new BrokerUnusable(name, 'REFUSED', `${name} does not let a client in with ${words}: ${reasons}`)
}

async function connackOf(version: Version, options: ProbeOptions, found: BrokerFacts): Promise<string> {
  const scene = new Scene({ ...options, version, dialogue: new Dialogue(), facts: found })
  try {
    const client = await scene.open()
    // With 0, a broker may say what it makes of "no keep alive".
    client.send(scene.connectPacket({ keepalive: 60 }))
    const connack = await client.next('connack')
    if (connack.reasonCode !== 0) return `it answered ${receivedWords(connack)}`
    if (version === '5.0') learn(connack, found)
    // It may well be that one version has to take them and the other not: what both do counts.
    if (!(await takesEmptyId(scene))) found.emptyClientIds = false
    return ''
  } catch (err) {
    if (!(err instanceof Breach)) throw err
    return err.received
  } finally {
    for (const client of scene.clients) client.leave()
  }
}

function learn({ properties }: Received, found: BrokerFacts): void {
  found.retain = properties.retainAvailable !== 0
  found.maximumQos = (properties.maximumQoS ?? 2) as 0 | 1 | 2
  found.wildcards = properties.wildcardSubscriptionAvailable !== 0
  found.sharedSubscriptions = properties.sharedSubscriptionAvailable !== 0
  found.subscriptionIdentifiers = properties.subscriptionIdentifiersAvailable !== 0
  found.topicAliasMaximum = properties.topicAliasMaximum ?? 0
  found.receiveMaximum = properties.receiveMaximum ?? 65_535
  found.maximumPacketSize = properties.maximumPacketSize ?? null
  found.serverKeepAlive = properties.serverKeepAlive ?? null
}

async function takesEmptyId(scene: Scene): Promise<boolean> {
  try {
    const client = await scene.open()
    client.send(scene.connectPacket({ clientId: '' }))
    return (await client.next('connack')).reasonCode === 0
  } catch {
    return false
  }
}

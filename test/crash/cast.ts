import { Publisher } from './publisher.js'
import type { Random } from './random.js'
import type { World } from './session-client.js'
import { Subscriber } from './subscriber.js'
import { Wills } from './wills.js'

const topics = ['m/0', 'm/1', 'm/2', 'm/3', 'm/4', 'm/5']
const sometimes = [...topics, 'm/+', 'm/#', '+/1', '+/2']
const retainedTopics = Array.from({ length: 8 }, (_, i) => `r/of/${i}`)

/** Everybody who takes part. */
export interface Cast {
  readonly publishers: readonly Publisher[]
  readonly subscribers: readonly Subscriber[]
  /** Publishes what is retained. */
  readonly keeper: Publisher
  /** Publishes what comes last. */
  readonly marker: Publisher
  readonly wills: Wills
}

export function castOf(world: World, random: Random): Cast {
  const publisher = (id: string, version: 4 | 5, own: readonly string[], retain = false) =>
    new Publisher(world, id, { version, topics: own, retain }, random.fork())
  const rest = (always: readonly string[]) => sometimes.filter(filter => !always.includes(filter))
  const subscriber = (id: string, version: 4 | 5, qos: 1 | 2, always: readonly string[], more: object = {}) =>
    new Subscriber(world, id, { version, qos, always, sometimes: rest(always), ...more }, random.fork())
  // What a member queues stays with it when it unsubscribes, and somebody always is a member.
  const member = (id: string, version: 4 | 5, always: readonly string[], others: readonly string[]) =>
    subscriber(id, version, 2, always, { group: 'group', sometimes: others, receiveMaximum: 20 })
  return {
    publishers: ([4, 5, 4, 5] as const).map((version, i) => publisher(`p${i}`, version, topics)),
    subscribers: [
      subscriber('all-5', 5, 2, ['m/#']),
      subscriber('all-4', 4, 2, ['m/#']),
      subscriber('once-5', 5, 1, ['m/1', 'm/2'], { receiveMaximum: 10 }),
      subscriber('some-5', 5, 2, ['m/3'], { receiveMaximum: 5 }),
      subscriber('some-4', 4, 2, ['m/4']),
      member('member-0', 5, ['$share/g/m/#'], []),
      member('member-1', 4, [], ['$share/g/m/#']),
      member('member-2', 5, [], ['$share/g/m/#'])
    ],
    keeper: publisher('keeper', 5, retainedTopics, true),
    marker: publisher('marker', 5, ['end/0']),
    wills: new Wills(world, random.fork())
  }
}

import type { CommandOption } from '../option.js'

export const benchGroups = {
  brokers: 'The brokers',
  scenarios: 'The scenarios',
  report: 'The report'
} as const

export type BenchGroup = keyof typeof benchGroups

/** The options of `stackmq bench`. */
export const benchOptions = [
  {
    ...{ name: 'compare', kind: 'text', group: 'brokers', value: 'NAMES', many: true },
    about: 'Other brokers of this machine, measured in turn with ours: mosquitto, aedes'
  },
  {
    ...{ name: 'broker', kind: 'text', group: 'brokers', value: 'URL' },
    about: 'A broker that runs already on this machine, instead of ours; mqtt:// only'
  },
  {
    ...{ name: 'pid', kind: 'count', group: 'brokers', value: 'N', range: [1, 4_194_304] },
    about: 'The process of --broker, whose CPU and memory are looked at'
  },

  {
    ...{ name: 'only', kind: 'text', group: 'scenarios', value: 'NAMES', many: true },
    about: 'Some of them; may be given more than once, or as a list with commas',
    fallback: 'all'
  },
  {
    ...{ name: 'quick', kind: 'flag', group: 'scenarios' },
    about: 'One-to-one at QoS 0 and 1, fan-out and connections: less than a minute'
  },
  {
    ...{ name: 'data', kind: 'flag', group: 'scenarios' },
    about: 'Other ones, of what is stored on disk, with brokers that do'
  },
  {
    ...{ name: 'time', kind: 'duration', group: 'scenarios', value: 'TIME', range: [1, 3600] },
    about: 'How long each of them is measured',
    fallback: '2s'
  },
  {
    ...{ name: 'rounds', kind: 'count', group: 'scenarios', value: 'N', range: [1, 100] },
    about: 'How often each of them is measured on each broker: the median counts',
    fallback: '1'
  },
  { name: 'list', kind: 'flag', group: 'scenarios', about: 'Lists the scenarios' },

  {
    ...{ name: 'output', kind: 'path', group: 'report', value: 'FILE' },
    about: 'Where everything that was measured goes as JSON'
  }
] as const satisfies readonly CommandOption<BenchGroup>[]

export type BenchOptionName = (typeof benchOptions)[number]['name']

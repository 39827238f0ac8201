import { builtInCallbacks } from './callbacks.js'
import { announcedCallbacks } from './check.js'
import { type Cmd, packetType } from './packets.js'
import type { Plan } from './plan.js'

const fromClients: readonly Cmd[] = [
  ...(['connect', 'auth', 'publish', 'puback', 'pubrec', 'pubrel', 'pubcomp'] as const),
  ...(['subscribe', 'unsubscribe', 'pingreq', 'disconnect'] as const)
]

/** The compiled plan, for people: which middlewares see which packet, and who handles which callback. */
export function explain(plan: Plan): string {
  const arrow = (owners: readonly string[]) => (owners.length ? owners.join(' › ') : '(nobody)')
  const declared = new Set<string>([...builtInCallbacks, ...announcedCallbacks(plan.members)])
  const handled = [...plan.chains.values()].filter(
    ({ title, owners }) => owners.length > 0 && declared.has(title)
  )
  const finishing = fromClients.filter(cmd => plan.finish[packetType[cmd]]!.owners.length > 0)
  return [
    'packets',
    ...fromClients.map(cmd => `  ${cmd}: ${arrow(plan.packets[packetType[cmd]]!.owners)}`),
    'when a packet is through',
    ...finishing.map(cmd => `  ${cmd}: ${arrow(plan.finish[packetType[cmd]]!.owners)}`),
    ...(plan.outgoing.length > 0 ? ['outgoing', `  ${arrow(plan.outgoing.map(({ owner }) => owner))}`] : []),
    'callbacks',
    ...handled.map(({ title, owners }) => `  ${title}: ${arrow(owners)}`)
  ].join('\n')
}

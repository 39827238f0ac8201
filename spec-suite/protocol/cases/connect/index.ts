import type { CaseDefinition } from '../../case.js'
import * as credentialFlags from './3-1-2-credential-flags.js'
import * as properties from './3-1-2-properties.js'
import * as protocol from './3-1-2-protocol.js'
import * as willFlags from './3-1-2-will-flags.js'
import * as willQos from './3-1-2-will-qos.js'
import * as clientId from './3-1-3-client-id.js'
import * as payload from './3-1-3-payload.js'
import * as accepted from './3-1-4-accepted.js'
import * as refused from './3-1-4-refused.js'
import * as takeOver from './3-1-4-take-over.js'
import * as firstPacket from './3-1-first-packet.js'
import * as limits from './3-2-limits.js'
import * as refusal from './3-2-refusal.js'

export const connectCases: readonly CaseDefinition[] = [
  ...[firstPacket, protocol, willFlags, willQos, credentialFlags],
  ...[properties, payload, clientId, accepted, takeOver, refused, limits, refusal]
].flatMap(chapter => Object.values(chapter) as CaseDefinition[])

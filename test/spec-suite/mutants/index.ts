import { connackMutants } from './connect/connack.js'
import { identityMutants } from './connect/identity.js'
import { connectPacketMutants } from './connect/packet.js'
import { authMutants } from './end/auth.js'
import { endMutants } from './end/end.js'
import { ruledOutMutants } from './end/ruled-out.js'
import { webSocketMutants } from './end/web-socket.js'
import { qosMutants } from './flow/qos.js'
import { resendMutants } from './flow/resend.js'
import type { Mutant } from './kit/mutant.js'
import { deliveryMutants } from './publish/delivery.js'
import { formatMutants } from './publish/format.js'
import { propertyMutants } from './publish/properties.js'
import { retainMutants } from './publish/retain.js'
import { limitMutants } from './session/limits.js'
import { sessionMutants } from './session/session.js'
import { willMutants } from './session/will.js'
import { subscribeMutants, unsubscribeMutants } from './subscribe/subscribe.js'
import { sharedMutants, topicMutants } from './subscribe/topics.js'

/** Every mutant, by what it is about. Each part has a test file of its own, so that they run side by side. */
export const mutantParts = {
  connect: [...connectPacketMutants, ...connackMutants, ...identityMutants],
  session: [...sessionMutants, ...limitMutants, ...willMutants],
  publish: [...formatMutants, ...deliveryMutants, ...retainMutants, ...propertyMutants],
  subscribe: [...subscribeMutants, ...unsubscribeMutants, ...topicMutants, ...sharedMutants],
  flow: [...qosMutants, ...resendMutants],
  end: [...endMutants, ...ruledOutMutants, ...webSocketMutants, ...authMutants]
} as const satisfies Record<string, readonly Mutant[]>

export const mutants: readonly Mutant[] = Object.values(mutantParts).flat()

import type { CaseDefinition } from '../../case.js'
import * as brokerDisconnect from './3-14-broker-disconnect.js'
import * as clientDisconnect from './3-14-client-disconnect.js'
import * as expiry from './3-14-expiry-in-disconnect.js'
import * as refusedConnect from './3-14-refused-connect.js'
import * as again from './4-12-again.js'
import * as authentication from './4-12-authentication.js'
import * as malformedAuth from './4-12-malformed-auth.js'
import * as noMethod from './4-12-no-method.js'
import { acknowledgementCases } from './4-13-acknowledgements.js'
import * as lengths from './4-13-lengths.js'
import * as limits from './4-13-limits.js'
import * as packetTypes from './4-13-packet-types.js'
import * as properties from './4-13-properties.js'
import * as unknownPacketType from './4-13-unknown-packet-type.js'
import * as webSocket from './6-web-socket.js'

const disconnect = [clientDisconnect, expiry, brokerDisconnect, refusedConnect]
const enhanced = [authentication, again, malformedAuth, noMethod]
const malformed = [unknownPacketType, packetTypes, lengths, properties, limits]

export const endCases: readonly CaseDefinition[] = [
  ...[...disconnect, ...enhanced, ...malformed, webSocket].flatMap(one => Object.values(one)),
  ...acknowledgementCases
]

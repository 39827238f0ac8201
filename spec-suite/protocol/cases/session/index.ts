import type { CaseDefinition } from '../../case.js'
import * as cleanStart from './3-1-clean-start.js'
import * as information from './3-1-information.js'
import * as keepAlive from './3-1-keep-alive.js'
import * as packetSize from './3-1-packet-size.js'
import * as expiry from './3-1-session-expiry.js'
import * as topicAlias from './3-1-topic-alias-maximum.js'
import * as will from './3-1-will.js'
import * as willDelay from './3-1-will-delay.js'
import * as willProperties from './3-1-will-properties.js'
import * as willRetain from './3-1-will-retain.js'
import * as takeOver from './3-1-will-take-over.js'
import * as willDiscarded from './3-14-will-discarded.js'
import * as state from './4-1-session-state.js'
import * as receipt from './4-5-message-receipt.js'

export const sessionCases: readonly CaseDefinition[] = [
  ...[cleanStart, expiry, state, receipt],
  ...[will, willRetain, willProperties, willDelay, takeOver, willDiscarded],
  ...[keepAlive, packetSize, topicAlias, information]
].flatMap(chapter => Object.values<CaseDefinition>(chapter))

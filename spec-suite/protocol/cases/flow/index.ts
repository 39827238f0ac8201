import type { CaseDefinition } from '../../case.js'
import * as exceeded from './3-3-receive-maximum-exceeded.js'
import * as twice from './4-3-acknowledged-twice.js'
import * as qos0 from './4-3-qos-0.js'
import * as qos1Receiver from './4-3-qos-1-receiver.js'
import * as qos1Sender from './4-3-qos-1-sender.js'
import * as qos2Receiver from './4-3-qos-2-receiver.js'
import * as qos2Resumed from './4-3-qos-2-resumed.js'
import * as qos2Sender from './4-3-qos-2-sender.js'
import * as sameIdentifier from './4-3-same-identifier-again.js'
import * as resend from './4-4-resend.js'
import * as order from './4-6-order.js'
import * as receiveMaximum from './4-9-receive-maximum.js'

export const flowCases: readonly CaseDefinition[] = [
  ...[exceeded, receiveMaximum, qos0, qos1Sender, qos1Receiver, sameIdentifier],
  ...[qos2Sender, qos2Receiver, qos2Resumed, twice, resend, order]
].flatMap(file => Object.values<CaseDefinition>(file))

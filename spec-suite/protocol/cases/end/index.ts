import type { CaseDefinition } from '../../case.js'
import { unknownPacketType } from './4-13-unknown-packet-type.js'

export const endCases: readonly CaseDefinition[] = [unknownPacketType]

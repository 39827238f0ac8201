import type { CaseDefinition } from '../../case.js'
import { sameIdentifierAgain } from './4-3-same-identifier-again.js'

export const flowCases: readonly CaseDefinition[] = [sameIdentifierAgain]

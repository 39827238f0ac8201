import type { CaseDefinition } from '../../case.js'

export const connectCases: readonly CaseDefinition[] = []

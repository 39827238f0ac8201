import type { CaseDefinition } from '../../case.js'

export const sessionCases: readonly CaseDefinition[] = []

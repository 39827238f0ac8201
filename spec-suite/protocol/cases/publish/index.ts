import type { CaseDefinition } from '../../case.js'

export const publishCases: readonly CaseDefinition[] = []

import type { CaseDefinition } from '../../case.js'
import { grantedQos } from './3-8-granted-qos.js'

export const subscribeCases: readonly CaseDefinition[] = [grantedQos]

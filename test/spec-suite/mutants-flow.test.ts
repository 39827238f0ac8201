import { mutantParts } from './mutants/index.js'
import { judgeMutants } from './mutants/kit/judge.js'

await judgeMutants(mutantParts.flow)

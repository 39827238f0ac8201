export {
  type BackendGroup,
  type BackendSuiteOptions,
  backendSuite,
  type SuiteTest
} from './backend/index.js'
export * from './protocol/index.js'

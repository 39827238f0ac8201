export type { BrokerFacts, EnhancedAuthentication } from './broker/facts.js'
export type { Need } from './broker/needs.js'
export { BrokerUnusable } from './broker/unusable.js'
export { type Comparison, compared, type Difference, type Side } from './compare.js'
export {
  type ChapterCoverage,
  chapterCoverage,
  type StatementCoverage,
  statementCoverage
} from './coverage.js'
export type { DialogueLine } from './dialogue.js'
export type { Link, LinkEvents, Target, WebSocketPlace } from './link/link.js'
export { streamTarget } from './link/stream.js'
export { type TlsSettings, targetOf } from './link/target.js'
export { type Report, type ReporterName, reporters } from './reporters/index.js'
export {
  type CaseResult,
  type Failure,
  isGood,
  type Outcome,
  type SuiteReport,
  type SuiteStart
} from './result.js'
export { type BrokerUnderTest, runSuite, type SuiteOptions } from './run.js'
export {
  type ChapterResult,
  chapterResults,
  type StatementResult,
  type StatementState,
  statementResults
} from './statement-states.js'
export { type Statement, statementOf, statements } from './statements/index.js'
export {
  type CaseInfo,
  cases as suiteCases,
  type ProtocolSuiteOptions,
  type ProtocolTest,
  protocolSuite,
  type SuiteTestContext
} from './suite.js'
export type { Version } from './version.js'
export type { Violation } from './wire/violation.js'

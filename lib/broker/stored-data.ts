/**
 * What looks after a directory that no broker uses, for the command: lib knows middlewares in the ready composition only.
 */
export type { LevelDb } from '../../middlewares/level-backend/level-db.js'
export { levelAt } from '../../middlewares/level-backend/open-db.js'
export { type CheckResult, check } from '../../middlewares/level-backend/tools/check.js'
export { Contents } from '../../middlewares/level-backend/tools/contents.js'
export { bytesOf, checkDirectory, prepareDirectory } from '../../middlewares/level-backend/tools/directory.js'
export { exportStore } from '../../middlewares/level-backend/tools/export.js'
export { LineError } from '../../middlewares/level-backend/tools/fields.js'
export type { Counts } from '../../middlewares/level-backend/tools/format.js'
export { Import } from '../../middlewares/level-backend/tools/import.js'
export { clear, openForImport, openForReading } from '../../middlewares/level-backend/tools/opening.js'
export { Problems } from '../../middlewares/level-backend/tools/problems.js'

import { readArguments } from '../arguments.js'
import { usageError } from '../command-error.js'
import { didYouMean } from '../suggest.js'
import { dataOptions } from './options.js'

export const dataActions = ['check', 'export', 'import'] as const
export type DataAction = (typeof dataActions)[number]

/** What `stackmq data` shall do. */
export interface DataSettings {
  readonly what: DataAction | 'help'
  readonly directory: string
  /** null: standard output, or input. */
  readonly file: string | null
}

const usage = 'stackmq data check DIR, stackmq data export DIR or stackmq data import DIR'

/** Reads the command line. @throws CommandError with everything that is wrong */
export function dataSettings(args: readonly string[]): DataSettings {
  const { values, words, help, problems } = readArguments(args, {
    ...{ command: 'data', options: dataOptions, words: 2 }
  })
  if (help) return { what: 'help', directory: '', file: null }
  const [action, directory] = words
  const what = dataActions.find(one => one === action)
  if (action === undefined) problems.push(`say what to do with which directory: ${usage}`)
  else if (!what) {
    const meant = didYouMean(action, dataActions, 'stackmq data ') || `: give ${dataActions.join(', ')}`
    problems.push(`data does not know '${action}'${meant}`)
  } else if (!directory) problems.push(`the directory is missing: stackmq data ${action} DIR`)
  if (what !== undefined) {
    if (values.has('output') && what !== 'export') problems.push('--output belongs to stackmq data export')
    if (values.has('input') && what !== 'import') problems.push('--input belongs to stackmq data import')
  }
  if (problems.length > 0) throw usageError(problems)
  const file = values.get(what === 'export' ? 'output' : 'input') as string | undefined
  return { what: what!, directory: directory!, file: file ?? null }
}

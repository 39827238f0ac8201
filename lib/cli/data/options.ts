import type { CommandOption } from '../option.js'

export const dataGroups = { files: 'Files' } as const

export type DataGroup = keyof typeof dataGroups

/** The options of `stackmq data`. */
export const dataOptions = [
  {
    ...{ name: 'output', kind: 'path', group: 'files', value: 'FILE' },
    about: 'Where an export goes; it is there once it is complete',
    fallback: 'standard output'
  },
  {
    ...{ name: 'input', kind: 'path', group: 'files', value: 'FILE' },
    about: 'Where an import comes from',
    fallback: 'standard input'
  }
] as const satisfies readonly CommandOption<DataGroup>[]

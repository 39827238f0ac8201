import { brokerOptions } from './broker-options.js'
import { listenerOptions } from './listener-options.js'
import type { CommandOption } from './option.js'

/** Every option of `stackmq start`: parsing, help, environment variables and the table in the docs come from here. */
export const optionTable = [...listenerOptions, ...brokerOptions] as const

export type OptionName = (typeof optionTable)[number]['name']

const byName = new Map<string, CommandOption>(optionTable.map(option => [option.name, option]))

export function optionNamed(name: string): CommandOption | undefined {
  return byName.get(name)
}

import { createRequire } from 'node:module'
import { CommandError, usageError } from './command-error.js'
import { generalHelp, startHelp } from './help.js'
import { misfits } from './misfits.js'
import { optionNamed } from './option-table.js'
import { parseOptions } from './parse.js'
import type { CommandProcess } from './process.js'
import { settingsOf } from './settings.js'
import { start } from './start.js'
import { didYouMean } from './suggest.js'

const commands = ['start', 'spec', 'bench', 'data', 'help']

/** Does what the command line says. Resolves to the exit code: 0, 1 when something failed, 2 when it is wrong. */
export async function run(args: readonly string[], own: CommandProcess): Promise<number> {
  try {
    return await command(args, own)
  } catch (err) {
    if (!(err instanceof CommandError)) throw err
    own.complain(err.lines.map(line => `stackmq: ${line}\n`).join(''))
    return err.code
  }
}

async function command([name = '', ...rest]: readonly string[], own: CommandProcess): Promise<number> {
  switch (name) {
    case 'start':
      return startCommand(rest, own)
    case 'spec':
      // Only who asks for it pays for it.
      return (await import('./spec/command.js')).specCommand(rest, own)
    case 'bench':
      return (await import('./bench/command.js')).benchCommand(rest, own)
    case 'data':
      return (await import('./data/command.js')).dataCommand(rest, own)
    case 'help':
      return help(rest, own)
    case '--help':
    case '-h':
      return help([], own)
    case '--version':
    case '-v':
      await own.print(`${version()}\n`)
      return 0
    case '':
      own.complain(generalHelp)
      return 2
    default:
      throw usageError([unknown(name)])
  }
}

async function startCommand(args: readonly string[], own: CommandProcess): Promise<number> {
  const { values, help: asked, problems } = parseOptions(args, own.env)
  if (asked) return help(['start'], own)
  const wrong = [...problems, ...misfits(values)]
  if (wrong.length > 0) throw usageError(wrong)
  return start(settingsOf(values), own)
}

async function help([topic]: readonly string[], own: CommandProcess): Promise<number> {
  if (topic !== undefined && !commands.includes(topic)) throw usageError([unknown(topic)])
  await own.print(await helpOf(topic))
  return 0
}

async function helpOf(topic: string | undefined): Promise<string> {
  if (topic === 'start') return startHelp()
  if (topic === 'spec') return (await import('./spec/help.js')).specHelp()
  if (topic === 'bench') return (await import('./bench/help.js')).benchHelp()
  if (topic === 'data') return (await import('./data/help.js')).dataHelp()
  return generalHelp
}

function unknown(name: string): string {
  if (!name.startsWith('-')) {
    return `unknown command '${name}'${didYouMean(name, commands, 'stackmq ') || ': see stackmq --help'}`
  }
  const option = name.replace(/^-+|=.*$/g, '')
  if (optionNamed(option)) return `'${name}' is an option of start: stackmq start ${name}`
  return `unknown option '${name}'${didYouMean(option, ['help', 'version'], '--') || ': see stackmq --help'}`
}

function version(): string {
  return createRequire(import.meta.url)('stackmq/package.json').version
}

import { suiteCases } from '../../../spec-suite/protocol/cases/index.js'
import { type TlsSettings, targetOf } from '../../../spec-suite/protocol/link/target.js'
import { loginOf } from '../../../spec-suite/protocol/places.js'
import type { ReporterName } from '../../../spec-suite/protocol/reporters/index.js'
import type { BrokerUnderTest, SuiteOptions } from '../../../spec-suite/protocol/run.js'
import type { Version } from '../../../spec-suite/protocol/version.js'
import { type Arguments, readArguments, take } from '../arguments.js'
import { usageError } from '../command-error.js'
import { Files } from '../files.js'
import { variableOf } from '../option.js'
import { type CapabilityFile, capabilityFile } from './capability-file.js'
import { specMisfits } from './misfits.js'
import { type SpecOptionName, specOptions } from './options.js'

/** What `stackmq spec` shall do. */
export interface SpecSettings {
  readonly what: 'help' | 'list' | 'coverage' | 'run'
  readonly suite: SuiteOptions
  readonly against: BrokerUnderTest | null
  readonly reporter: ReporterName
  readonly output: string | null
}

type Environment = Readonly<Record<string, string | undefined>>
type Login = Pick<BrokerUnderTest, 'username' | 'password'>

/** Reads the command line, and the files that it names. @throws CommandError with everything that is wrong */
export function specSettings(args: readonly string[], environment: Environment): SpecSettings {
  const read = readArguments(args, { command: 'spec', options: specOptions, words: 1 })
  takeLogin(read, environment)
  const { values, lists, words } = read
  const text = (name: SpecOptionName) => values.get(name) as string | undefined
  const what = read.help ? 'help' : whatOf(read)
  const versions = versionsOf(text('version'))
  const only = lists.get('only') ?? []
  const common = {
    reporter: (text('reporter') ?? 'pretty') as ReporterName,
    output: text('output') ?? null
  }
  if (what === 'help') return { what, suite: { target: '' }, against: null, ...common }

  const files = new Files()
  const password = text('password') ?? passwordFile(files, text('password-file'))
  const tls = {
    ...files.clientTls({ ca: text('tls-ca'), cert: text('tls-cert'), key: text('tls-key') }),
    ...(values.get('tls-insecure') === true && { rejectUnauthorized: false })
  }
  const { file, problems } = capabilities(files, text('capabilities'))
  const wrong = [...read.problems, ...specMisfits(read, suiteCases, versions), ...files.problems, ...problems]
  if (wrong.length > 0) throw usageError(wrong)
  if (what !== 'run') return { what, suite: { target: '', versions, only }, against: null, ...common }

  const login = { username: text('username'), password }
  const other = (url: string) => broker(url, tls, { ...login, ...loginOf(url) })
  const against = text('against')
  const first = { ...login, ...(login.username === undefined && loginOf(words[0]!)) }
  const also = [
    ...(lists.get('also') ?? []).map(other),
    ...(file.also ?? []).map(({ url, ...own }) => ({ ...other(url), ...own }))
  ]
  return {
    ...{ what, ...common },
    suite: {
      ...broker(words[0]!, tls, first),
      ...{ capabilities: file.capabilities, knownFailures: file.knownFailures, also, versions, only },
      ...{
        limit: values.get('timeout') as number | undefined,
        parallel: values.get('parallel') as number | undefined
      }
    },
    against: against === undefined ? null : other(against)
  }
}

function whatOf({ values }: Arguments): 'list' | 'coverage' | 'run' {
  if (values.get('list') === true) return 'list'
  return values.get('coverage') === true ? 'coverage' : 'run'
}

function versionsOf(text: string | undefined): readonly Version[] | undefined {
  if (text === undefined || text === 'all') return undefined
  return [text === '3.1.1' ? '3.1.1' : '5.0']
}

/** Of the environment, if the command line has none. */
function takeLogin({ seen, values, problems }: Arguments, environment: Environment): void {
  const given = seen.has('password') || seen.has('password-file')
  for (const name of ['username', 'password'] as const) {
    const value = environment[variableOf(name)]
    if (!value || seen.has(name) || (name === 'password' && given)) continue
    take(specOptions.find(option => option.name === name)!, variableOf(name), value, values, problems)
  }
}

function passwordFile(files: Files, path: string | undefined): string | undefined {
  return path === undefined ? undefined : files.password({ password: undefined, passwordFile: path })
}

function capabilities(files: Files, path: string | undefined): { file: CapabilityFile; problems: string[] } {
  const text = path === undefined ? '' : files.text('--capabilities', path)
  return text.trim() === '' ? { file: {}, problems: [] } : capabilityFile(path!, text)
}

function broker(url: string, tls: TlsSettings, login: Login): BrokerUnderTest {
  return { target: targetOf(url, tls), ...login }
}

import type { SuiteCase } from '../../../spec-suite/protocol/case.js'
import { targetOf } from '../../../spec-suite/protocol/link/target.js'
import { meaningless, selected } from '../../../spec-suite/protocol/select.js'
import type { Version } from '../../../spec-suite/protocol/version.js'
import type { Arguments } from '../arguments.js'
import { didYouMean } from '../suggest.js'

/** What does not fit together, in sentences; what is wrong by itself readArguments() has found. */
export function specMisfits(
  read: Arguments,
  cases: readonly SuiteCase[],
  versions: readonly Version[] | undefined
): string[] {
  const { values, words, lists } = read
  const against = values.get('against')
  const urls = [...words, ...(lists.get('also') ?? []), ...(against === undefined ? [] : [String(against)])]
  return [
    ...urlMisfits(read, urls),
    ...tlsMisfits(read, urls),
    ...loginMisfits(read, urls),
    ...(read.seen.has('only') && lists.get('only')?.length === 0 ? ['--only names nothing'] : []),
    ...onlyMisfits(lists.get('only') ?? [], cases, versions),
    ...(values.get('list') === true && values.get('coverage') === true
      ? ['--list and --coverage are both given: choose one']
      : []),
    ...(against !== undefined && ['tap', 'junit'].includes(String(values.get('reporter')))
      ? [`--against is shown by the reporters pretty, json and html, not by ${values.get('reporter')}`]
      : [])
  ]
}

function urlMisfits({ values, words, problems }: Arguments, urls: readonly string[]): string[] {
  const needed = values.get('list') !== true && values.get('coverage') !== true
  // It may have been taken for the value of an option that there is not.
  const missing = needed && words.length === 0 && !problems.some(text => text.startsWith('unknown option'))
  return [
    ...(missing ? ['give the URL of a broker: stackmq spec mqtt://localhost:1883'] : []),
    ...urls.flatMap(url => {
      try {
        targetOf(url)
        return []
      } catch (err) {
        const near = /^[\w.-]+(:\d+)?$/.test(url)
        return [near ? `'${url}' is no URL: did you mean mqtt://${url}?` : (err as Error).message]
      }
    })
  ]
}

function tlsMisfits({ seen }: Arguments, urls: readonly string[]): string[] {
  const secure = urls.some(url => /^(mqtts|wss):/.test(url))
  const given = (['tls-ca', 'tls-cert', 'tls-key', 'tls-insecure'] as const).filter(name => seen.has(name))
  return [
    ...(secure || urls.length === 0
      ? []
      : given.map(name => `--${name} needs a URL with mqtts:// or wss://`)),
    ...(seen.has('tls-cert') && !seen.has('tls-key') ? ['--tls-cert needs --tls-key'] : []),
    ...(seen.has('tls-key') && !seen.has('tls-cert') ? ['--tls-key needs --tls-cert'] : []),
    ...(seen.has('tls-ca') && seen.has('tls-insecure')
      ? ['--tls-ca and --tls-insecure are both given: choose one']
      : [])
  ]
}

function loginMisfits({ seen, values }: Arguments, urls: readonly string[]): string[] {
  const password = values.has('password') || values.has('password-file')
  const named = values.has('username') || urls.some(url => URL.canParse(url) && new URL(url).username !== '')
  return [
    ...(password && !named ? ['a password needs --username'] : []),
    ...(seen.has('password') && seen.has('password-file')
      ? ['--password and --password-file are both given: choose one']
      : [])
  ]
}

function onlyMisfits(
  only: readonly string[],
  cases: readonly SuiteCase[],
  versions: readonly Version[] | undefined
): string[] {
  const lost = meaningless(cases, only)
  const names = [...new Set(cases.flatMap(({ id, name }) => [id, name]))]
  if (lost.length > 0) {
    return lost.map(
      word =>
        `--only: there is no case '${word}'${didYouMean(word, names) || ': give a statement (3.8.4-8), a chapter (3, 3.8) or a name of stackmq spec --list'}`
    )
  }
  const left = selected(cases, only).filter(one => versions?.includes(one.version) ?? true)
  return left.length > 0 ? [] : [`--only and --version leave no case: ${only.join(', ')} in MQTT ${versions}`]
}

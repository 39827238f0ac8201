import type { Version } from '../version.js'
import { mqtt311 } from './mqtt-3-1-1.js'
import { mqtt5 } from './mqtt-5.js'
import { untestable } from './untestable.js'

/** A numbered normative statement of the specification, in our words: the OASIS text decides. */
export interface Statement {
  readonly version: Version
  /** `3.8.4-8`; printed with `MQTT-` before it. Only unique together with the version. */
  readonly id: string
  readonly section: string
  /** Who is bound. */
  readonly subject: 'server' | 'client' | 'both'
  /** `partly`: only by the answer to a breach, by an option of the broker, or if the broker chooses to. */
  readonly blackbox: 'yes' | 'partly' | 'no'
  readonly text: string
  /** Why no case can prove it; '' where one can. */
  readonly reason: string
}

/** Every numbered statement of both versions, in the order of the specification. */
export const statements: readonly Statement[] = [...parsed('3.1.1', mqtt311), ...parsed('5.0', mqtt5)]

const byKey = new Map(statements.map(one => [keyOf(one.version, one.id), one]))

export function statementOf(version: Version, id: string): Statement | undefined {
  return byKey.get(keyOf(version, id))
}

/** `5.0 MQTT-3.8.4-8` */
export function keyOf(version: Version, id: string): string {
  return `${version} MQTT-${id}`
}

/** The chapter that a statement, or an id, is in. */
export function chapterOf(id: string): number {
  return Number.parseInt(id, 10)
}

export const chapterTitles: Readonly<Record<number, string>> = {
  1: 'Introduction: data representation',
  2: 'MQTT control packet format',
  3: 'MQTT control packets',
  4: 'Operational behavior',
  6: 'WebSocket',
  7: 'Conformance'
}

function parsed(version: Version, table: string): Statement[] {
  return table
    .trim()
    .split('\n')
    .map(line => {
      const [id = '', section = '', subject, blackbox, text = ''] = line.split(' | ')
      const reason = untestable[version]?.[id] ?? ''
      return { version, id, section, subject, blackbox, text, reason } as Statement
    })
}

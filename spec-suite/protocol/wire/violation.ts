import type { ByVersion, Version } from '../version.js'

/** Something that no broker may ever send, seen without looking for it. */
export interface Violation {
  /** Statements, without `MQTT-`; none where the rule has no number. */
  readonly ids: readonly string[]
  readonly text: string
}

/** Where a rule is numbered: one id, or one for each version. */
export type Rule = ByVersion<string | readonly string[]>

export function violation(version: Version, text: string, rule: Rule = {}): Violation {
  return { ids: [rule[version] ?? []].flat(), text }
}

/** Rules that are told in more than one place. */
export const rules = {
  utf8: { '3.1.1': '1.5.3-1', '5.0': '1.5.4-1' },
  nul: { '3.1.1': '1.5.3-2', '5.0': '1.5.4-2' },
  minimal: { '5.0': '1.5.5-1' },
  length: { '3.1.1': '4.8.0-1', '5.0': '4.13.1-1' },
  property: { '5.0': '2.2.2-1' },
  answers: { '3.1.1': '3.3.4-1', '5.0': '3.3.4-1' }
} as const satisfies Record<string, Rule>

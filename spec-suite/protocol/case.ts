import type { Need } from './broker/needs.js'
import type { Scene } from './scene.js'
import { type ByVersion, type Version, versions } from './version.js'

/** A scenario and what it proves, for one version of MQTT or both. */
export interface CaseDefinition {
  /** Unique in the suite, kebab-case: `granted-qos`. With its version it is the id of the case. */
  readonly name: string
  /** What holds, as a sentence without a full stop: "a message is delivered at the lower of its QoS and the granted one". */
  readonly title: string
  /** The statements that it proves, by version, without `MQTT-`. It runs with the versions that are named. */
  readonly proves: ByVersion<readonly [string, ...string[]]>
  readonly needs?: readonly Need[]
  /** How long it has to wait for things that take their time, like a will delay. Such cases are begun first. */
  readonly seconds?: number
  /** Throws a Breach when the broker does not do as it has to. */
  run(scene: Scene): Promise<void>
}

/** A case for one version. */
export interface SuiteCase {
  /** `5.0:granted-qos` */
  readonly id: string
  readonly version: Version
  readonly name: string
  readonly title: string
  readonly proves: readonly string[]
  readonly needs: readonly Need[]
  readonly seconds: number
  run(scene: Scene): Promise<void>
}

export function casesOf(definitions: readonly CaseDefinition[]): SuiteCase[] {
  return versions.flatMap(version =>
    definitions.flatMap(definition => {
      const { name, title, proves, needs = [], seconds = 0, run } = definition
      const ids = proves[version]
      if (!ids) return []
      return [
        {
          id: `${version}:${name}`,
          version,
          name,
          title,
          proves: ids,
          needs,
          seconds,
          run: run.bind(definition)
        }
      ]
    })
  )
}

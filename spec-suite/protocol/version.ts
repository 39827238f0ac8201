/** A version of MQTT that the suite knows. */
export type Version = '3.1.1' | '5.0'

export const versions: readonly Version[] = ['3.1.1', '5.0']

/** The byte in CONNECT that names the version [3.1.1: 3.1.2.2] [5.0: 3.1.2.2]. */
export function levelOf(version: Version): 4 | 5 {
  return version === '5.0' ? 5 : 4
}

/** Something for each version; a version without it is left out. */
export type ByVersion<T> = Partial<Readonly<Record<Version, T>>>

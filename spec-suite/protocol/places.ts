import { probe, refuses } from './broker/probe.js'
import type { Target } from './link/link.js'
import { patientTarget } from './link/patient.js'
import { targetOf } from './link/target.js'
import type { BrokerUnderTest, SuiteOptions } from './run.js'
import type { Place } from './run-case.js'
import { runId } from './run-id.js'
import { versions as allVersions, type Version } from './version.js'

type Refused = ReadonlyArray<{ readonly version: Version; readonly reason: string }>

/** Where cases can run: the broker, and then the others. @throws BrokerUnusable when one of them cannot be used */
export async function placesOf(
  { also = [], versions, ...first }: SuiteOptions,
  limit: number
): Promise<{ places: readonly [Place, ...Place[]]; refused: Refused }> {
  const [own, ...others] = await Promise.all(
    [first, ...also].map(one => placeOf(one, versions ?? allVersions, limit))
  )
  const { place, refused } = own!
  if (versions && refused.length > 0) throw refuses(place.target.name, refused)
  return { places: [place, ...others.map(one => one.place)], refused }
}

async function placeOf(one: BrokerUnderTest, versions: readonly Version[], limit: number) {
  const target = patientTarget(typeof one.target === 'string' ? targetOf(one.target) : one.target, limit)
  const { username, password } = { ...loginOf(one.target), ...given(one) }
  await knock(target)
  const options = {
    target,
    versions,
    given: one.capabilities ?? {},
    username,
    password,
    unique: runId(),
    limit
  }
  const { facts, refused } = await probe(options)
  return { place: { target, facts, username, password } satisfies Place, refused }
}

/** The login in a URL; none in a target. */
export function loginOf(target: string | Target): Pick<BrokerUnderTest, 'username' | 'password'> {
  if (typeof target !== 'string') return {}
  const { username, password } = new URL(target)
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) })
  }
}

function given({ username, password }: BrokerUnderTest): Pick<BrokerUnderTest, 'username' | 'password'> {
  return { ...(username !== undefined && { username }), ...(password !== undefined && { password }) }
}

/** Whether somebody is there at all, told in better words than a case has. @throws BrokerUnusable */
async function knock(target: Target): Promise<void> {
  const link = await target.open({ data() {}, closed() {}, breach() {} })
  link.cut()
}

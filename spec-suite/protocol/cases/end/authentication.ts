import type { TestClient } from '../../client/test-client.js'
import type { ConnectOptions, Scene } from '../../scene.js'
import type { Received } from '../../wire/received.js'

type Properties = NonNullable<ConnectOptions['properties']>

/** Sends an AUTH. A method of null: the packet has none. */
export function sendAuth(
  { facts }: Scene,
  client: TestClient,
  reasonCode: number,
  data?: string,
  method: string | null = facts.enhancedAuthentication!.method
): void {
  const properties = {
    ...(method !== null && { authenticationMethod: method }),
    ...(data !== undefined && { authenticationData: Buffer.from(data) })
  }
  client.send({ cmd: 'auth', reasonCode, properties })
}

/** A connection on which CONNECT named the method; `data` where it is not the right one. */
export async function begun(
  { open, connectPacket, facts }: Scene,
  properties: Properties = {},
  data = facts.enhancedAuthentication!.data
): Promise<TestClient> {
  const { method } = facts.enhancedAuthentication!
  const client = await open()
  const own = {
    authenticationMethod: method,
    ...(data !== undefined && { authenticationData: Buffer.from(data) })
  }
  const packet = connectPacket({ properties: { ...own, ...properties } })
  client.clientId = packet.clientId
  client.send(packet)
  return client
}

/** A connection on which the broker asked for more. The case needs `challenge`. */
export async function challenged(scene: Scene): Promise<TestClient> {
  const client = await begun(scene)
  await client.next('auth')
  return client
}

/** Answers every challenge: the challenges. */
export async function answer(scene: Scene, client: TestClient): Promise<Received[]> {
  const { method, answers } = scene.facts.enhancedAuthentication!
  const challenges: Received[] = []
  for (const data of answers) {
    const challenge = await client.next('auth')
    const { reasonCode, properties } = challenge
    challenges.push(challenge)
    scene.same(reasonCode, 0x18, 'the code of an AUTH that asks for more', ['4.12.0-2'])
    scene.same(properties.authenticationMethod, method, 'the method of AUTH', ['4.12.0-5'])
    sendAuth(scene, client, 0x18, data)
  }
  return challenges
}

/** A client that said who it is. */
export async function authenticated(scene: Scene, properties: Properties = {}): Promise<TestClient> {
  const client = await begun(scene, properties)
  await answer(scene, client)
  client.connack = await client.next('connack')
  scene.same(client.connack.reasonCode, 0x00, 'the code of CONNACK')
  return client
}

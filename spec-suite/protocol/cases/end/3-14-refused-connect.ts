import {
  field,
  packet,
  properties,
  type RawConnect,
  raw,
  rawConnect,
  rawPublish,
  rawSubscribe
} from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import type { Scene } from '../../scene.js'
import { connectBytes } from '../connect/connect-bytes.js'

/** Openings of a connection that a broker has to refuse: none is a CONNECT that it may take. */
function openings({ clientId, topic }: Scene): ReadonlyArray<[words: string, bytes: Buffer]> {
  const connect = (change: RawConnect) => rawConnect(5, { payload: field(clientId()), ...change })
  return [
    ['PINGREQ', packet(0xc0)],
    ['PUBLISH', rawPublish(5, topic())],
    ['SUBSCRIBE', rawSubscribe(5, [[topic(), 0]])],
    ['DISCONNECT', packet(0xe0)],
    ['AUTH', packet(0xf0)],
    ['packet type 0', packet(0x00)],
    ['CONNECT with its reserved flag set', connect({ flags: 3 })],
    ['CONNECT without a client id', connect({ payload: [] })],
    ['CONNECT with the receive maximum 0', connect({ properties: properties([0x21, 0, 0]) })],
    ['CONNECT with an unknown property', connect({ properties: properties([0x04, 0]) })]
  ]
}

async function refused(scene: Scene, words: string, bytes: Buffer): Promise<void> {
  const { open, check } = scene
  const client = await open()
  // A CONNECT behind it comes too late: some brokers look at nothing before there are a few bytes.
  client.raw(raw(bytes, connectBytes(scene)), `${words}, and a CONNECT behind it`)
  const accepted = () => client.inbox[0]?.cmd === 'connack' && client.inbox[0].reasonCode === 0
  await client.until('the broker to close the connection', accepted, true)
  // That it should not be is the matter of other cases.
  if (accepted()) return
  const said = client.inbox.filter(({ cmd }) => cmd !== 'connack')
  check(said.length === 0, 'a CONNACK that refuses, or none', `${said[0]?.cmd.toUpperCase()} came`)
}

export const noDisconnectBeforeConnack: CaseDefinition = {
  name: 'no-disconnect-before-connack',
  title: 'a connection that was not accepted ends without a DISCONNECT',
  proves: { '5.0': ['3.14.0-1', '4.13.2-1'] },
  async run(scene) {
    for (const [words, bytes] of openings(scene)) await refused(scene, words, bytes)
  }
}

export const unsupportedMethod: CaseDefinition = {
  name: 'unsupported-authentication-method',
  title: 'an authentication method that the broker does not know is refused',
  proves: { '5.0': ['4.12.0-1'] },
  async run({ open, connectPacket, notApplicable }) {
    const client = await open()
    const authenticationMethod = 'suite-unknown'
    const properties = { authenticationMethod, authenticationData: Buffer.from('x') }
    client.send(connectPacket({ properties }))
    const answer = () => client.inbox.find(({ cmd }) => cmd === 'connack')
    await client.until('CONNACK, or the end', () => answer() !== undefined, true)
    const said = answer()
    // To accept it by its name is to support it [5.0 MQTT-4.12.0-5], as a broker may that lets everybody in.
    if (said?.reasonCode === 0 && said.properties.authenticationMethod === authenticationMethod)
      notApplicable('the broker takes any authentication method')
    await client.refuses({ '5.0': [0x87, 0x8c] })
  }
}

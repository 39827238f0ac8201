import {
  field,
  packet,
  properties,
  type RawConnect,
  rawConnect,
  rawPublish,
  rawSubscribe
} from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import type { Scene } from '../../scene.js'

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
    ['CONNECT with an unknown property', connect({ properties: properties([0x04, 0]) })],
    [
      'CONNECT with an unknown authentication method',
      connect({ properties: properties([0x15], field('suite-unknown')) })
    ]
  ]
}

async function refused({ open, check }: Scene, words: string, bytes: Buffer): Promise<void> {
  const client = await open()
  client.raw(bytes, words)
  await client.end()
  const said = client.inbox.filter(({ cmd, reasonCode }) => cmd !== 'connack' || reasonCode === 0)
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
  async run({ open, connectPacket }) {
    const client = await open()
    const properties = {
      authenticationMethod: 'suite-unknown',
      authenticationData: Buffer.from('x')
    }
    client.send(connectPacket({ properties }))
    await client.refuses({ '5.0': [0x87, 0x8c] })
  }
}

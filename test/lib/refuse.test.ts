import type mqtt from 'mqtt-packet'
import t from 'tap'
import { type Hooks, MqttError, type Packet, type ReasonName, type Version } from '../../lib/index.js'
import { turn } from '../support/fake-clock.js'
import { hosted } from '../support/hosted.js'
import { Peer } from '../support/peer.js'

const versions = [3, 4, 5] as const

/** Throws for packets of this kind. */
function throwing(cmd: Packet['cmd'], thrown: () => unknown): Hooks {
  return {
    name: 'Throwing',
    handle(_client, packet: Packet) {
      if (packet.cmd === cmd) throw thrown()
    }
  }
}

const refused =
  (reason: ReasonName, fatal = false) =>
  () =>
    new MqttError(reason, 'because', { fatal })

const flags = { retain: false, dup: false, payload: 'p', topic: 't' }
const sendable: Record<string, mqtt.Packet> = {
  publish0: { cmd: 'publish', qos: 0, ...flags },
  publish1: { cmd: 'publish', qos: 1, messageId: 5, ...flags },
  publish2: { cmd: 'publish', qos: 2, messageId: 5, ...flags },
  puback: { cmd: 'puback', messageId: 5 },
  pubrec: { cmd: 'pubrec', messageId: 5 },
  pubrel: { cmd: 'pubrel', messageId: 5 },
  pubcomp: { cmd: 'pubcomp', messageId: 5 },
  subscribe: {
    ...{ cmd: 'subscribe', messageId: 5 },
    subscriptions: [
      { topic: 'a', qos: 1 },
      { topic: 'b', qos: 0 }
    ]
  },
  unsubscribe: { cmd: 'unsubscribe', messageId: 5, unsubscriptions: ['a', 'b'] },
  pingreq: { cmd: 'pingreq' }
} as Record<string, mqtt.Packet>

interface Loose {
  cmd: string
  messageId?: number
  reasonCode?: number
  granted?: number[]
  properties?: { reasonString?: string }
}

/** What a connected peer gets for a packet that is refused: packets in short, `end` when it was closed. */
async function answers(
  version: Version,
  name: string,
  thrown: () => unknown,
  refuse: 'ack' | 'close' = 'ack'
) {
  const packet = sendable[name]!
  const { stack, errors, join } = await hosted([throwing(packet.cmd as Packet['cmd'], thrown)], { refuse })
  const { peer, client } = await join(version)
  peer.send(packet)
  await turn()
  const told = errors.length
  const { messagesDropped } = stack.counters
  const got = peer.packets.map(one => {
    const { cmd, messageId, reasonCode, granted, properties } = one as Loose
    const codes = granted?.map(code => code.toString(16)).join(',')
    const text = properties?.reasonString === undefined ? '' : ` "${properties.reasonString}"`
    const code = version === 5 && reasonCode !== undefined ? reasonCode.toString(16) : ''
    return `${cmd} ${messageId ?? ''} ${codes ?? code}${text}`.replaceAll(/ +/g, ' ').trim()
  })
  if (!client.isOpen) got.push('end')
  await stack.stop()
  return { got, told, messagesDropped }
}

type Row = [packet: string, reason: ReasonName, five: string[], three: string[]]

t.test('a packet that is refused and not fatal keeps the connection', async t => {
  const rows: Row[] = [
    ['publish0', 'NotAuthorized', [], []],
    ['publish1', 'NotAuthorized', ['puback 5 87 "because"'], ['puback 5']],
    ['publish2', 'QuotaExceeded', ['pubrec 5 97 "because"'], ['pubrec 5']],
    ['publish1', 'Banned', ['puback 5 80 "because"'], ['puback 5']],
    ['subscribe', 'NotAuthorized', ['suback 5 87,87 "because"'], ['suback 5 80,80']],
    ['subscribe', 'ServerBusy', ['suback 5 80,80 "because"'], ['suback 5 80,80']],
    ['unsubscribe', 'NotAuthorized', ['unsuback 5 87,87 "because"'], ['unsuback 5']],
    ['pubrel', 'PacketIdentifierNotFound', ['pubcomp 5 92 "because"'], ['pubcomp 5']],
    ['pubrel', 'NotAuthorized', ['pubcomp 5 92 "because"'], ['pubcomp 5']],
    ['pubrec', 'PacketIdentifierNotFound', ['pubrel 5 92 "because"'], ['pubrel 5']],
    ['puback', 'NotAuthorized', [], []],
    ['pubcomp', 'NotAuthorized', [], []],
    ['pingreq', 'NotAuthorized', [], []]
  ]
  for (const [packet, reason, five, three] of rows) {
    for (const version of versions) {
      const { got, told } = await answers(version, packet, refused(reason))
      t.strictSame(got, version === 5 ? five : three, `${packet}, ${reason}, level ${version}`)
      t.equal(told, 1, 'onError is told')
    }
  }
})

t.test('anything fatal ends the connection, in MQTT 5 with the reason', async t => {
  for (const packet of Object.keys(sendable)) {
    for (const version of versions) {
      const { got, told } = await answers(version, packet, refused('QuotaExceeded', true))
      const wanted = version === 5 ? ['disconnect 97 "because"', 'end'] : ['end']
      t.strictSame(got, wanted, `${packet}, level ${version}`)
      t.equal(told, 1)
    }
  }
})

t.test('an error of ours is 0x80 and ends the connection; its text stays here', async t => {
  for (const thrown of [new Error('a secret'), new TypeError('a secret'), 'a secret']) {
    for (const packet of ['publish1', 'subscribe', 'pingreq']) {
      for (const version of versions) {
        const { got, told } = await answers(version, packet, () => thrown)
        t.strictSame(got, version === 5 ? ['disconnect 80 "internal error"', 'end'] : ['end'])
        t.equal(told, 1)
      }
    }
  }
})

t.test('MQTT 3 publishers are disconnected instead where that is asked for [3.1.1 MQTT-3.3.5-2]', async t => {
  for (const packet of ['publish0', 'publish1', 'publish2']) {
    for (const version of [3, 4] as const) {
      const { got } = await answers(version, packet, refused('NotAuthorized'), 'close')
      t.strictSame(got, ['end'], `${packet}, level ${version}`)
    }
  }
  const five = await answers(5, 'publish1', refused('NotAuthorized'), 'close')
  t.strictSame(five.got, ['puback 5 87 "because"'])
  const other = await answers(4, 'subscribe', refused('NotAuthorized'), 'close')
  t.strictSame(other.got, ['suback 5 80,80'])
})

t.test('a message that is refused is counted and told as dropped', async t => {
  for (const packet of ['publish0', 'publish1', 'publish2']) {
    t.equal((await answers(5, packet, refused('NotAuthorized'))).messagesDropped, 1, packet)
  }
  t.equal((await answers(5, 'subscribe', refused('NotAuthorized'))).messagesDropped, 0)
  const told: unknown[] = []
  const { stack, join } = await hosted([
    throwing('publish', refused('NotAuthorized')),
    {
      messageDropped: ({ client, clientId, packet, reason }) => {
        told.push({ client, clientId, topic: packet.topic, reason })
      }
    }
  ])
  const { peer } = await join()
  peer.send(sendable.publish0!)
  await turn()
  t.strictSame(told, [{ client: null, clientId: null, topic: 't', reason: 'refused' }])
  await stack.stop()
})

t.test(
  'a CONNECT that is refused gets CONNACK and the end [5.0 MQTT-3.2.2-7] [3.1.1 MQTT-3.2.2-5]',
  async t => {
    const rows: Array<[reason: ReasonName, five: number, three: number | null]> = [
      ['UnsupportedProtocolVersion', 0x84, 1],
      ['ClientIdentifierNotValid', 0x85, 2],
      ['ServerUnavailable', 0x88, 3],
      ['ServerBusy', 0x89, 3],
      ['ServerShuttingDown', 0x80, 3],
      ['QuotaExceeded', 0x97, 3],
      ['ConnectionRateExceeded', 0x9f, 3],
      ['UseAnotherServer', 0x9c, 3],
      ['ServerMoved', 0x9d, 3],
      ['BadUserNameOrPassword', 0x86, 4],
      ['NotAuthorized', 0x87, 5],
      ['Banned', 0x8a, 5],
      ['BadAuthenticationMethod', 0x8c, 5],
      ['MalformedPacket', 0x81, null],
      ['ProtocolError', 0x82, null],
      ['TopicFilterInvalid', 0x80, null],
      ['KeepAliveTimeout', 0x80, null]
    ]
    for (const [reason, five, three] of rows) {
      for (const version of versions) {
        const { stack, errors } = await hosted([throwing('connect', refused(reason))])
        const peer = new Peer(stack, version)
        const wanted = version === 5 ? five : three
        if (wanted === null) {
          peer.connect().catch(() => {})
          await peer.end()
          t.equal(peer.bytes.length, 0, `${reason}, level ${version} [3.1.1 MQTT-3.2.2-6]`)
        } else {
          const connack = await peer.connect()
          t.equal(
            version === 5 ? connack.reasonCode : connack.returnCode,
            wanted,
            `${reason}, level ${version}`
          )
          t.equal(connack.sessionPresent, false, '[5.0 MQTT-3.2.2-6]')
          t.equal(connack.properties?.reasonString, version === 5 ? 'because' : undefined)
          await peer.end()
        }
        t.equal(errors.length, 1)
        await stack.stop()
      }
    }
  }
)

t.test('an error of ours while connecting: 0x80, or nothing in MQTT 3', async t => {
  for (const version of versions) {
    const { stack } = await hosted([throwing('connect', () => new Error('a secret'))])
    const peer = new Peer(stack, version)
    if (version === 5) {
      const { reasonCode, properties } = await peer.connect()
      t.equal(reasonCode, 0x80)
      t.equal(properties?.reasonString, 'internal error')
    } else {
      peer.connect().catch(() => {})
    }
    await peer.end()
    if (version < 5) t.equal(peer.bytes.length, 0)
    await stack.stop()
  }
})

t.test('a CONNACK and a DISCONNECT say which server to use instead', async t => {
  const moved = () => new MqttError('ServerMoved', undefined, { fatal: true, serverReference: 'other:1883' })
  const { stack } = await hosted([throwing('connect', moved)])
  const peer = new Peer(stack, 5)
  t.equal((await peer.connect()).properties?.serverReference, 'other:1883')
  await stack.stop()
  const later = await hosted([throwing('pingreq', moved)])
  const { peer: connected } = await later.join()
  connected.send({ cmd: 'pingreq' })
  t.equal((await connected.next('disconnect')).properties?.serverReference, 'other:1883')
  await later.stack.stop()
})

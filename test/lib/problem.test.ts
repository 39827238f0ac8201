import t from 'tap'
import { encode } from '../../lib/codec/index.js'
import { MqttError } from '../../lib/errors.js'
import { problem, redirection } from '../../lib/problem.js'
import { decodePacket } from './codec/wire.js'

t.test('an error says its text and what its thrower gave', async t => {
  const userProperties = [['k', 'v']] as const
  const err = new MqttError('UseAnotherServer', 'elsewhere', { userProperties, serverReference: 'other' })
  t.strictSame(problem(err), { reasonString: 'elsewhere', userProperties })
  t.strictSame(redirection(err), { reasonString: 'elsewhere', userProperties, serverReference: 'other' })
  t.strictSame(problem(new MqttError('NotAuthorized')), { reasonString: 'Not authorized' })
  t.strictSame(redirection(new MqttError('NotAuthorized')), { reasonString: 'Not authorized' })
})

t.test('whatever the text, it can be sent [5.0 MQTT-1.5.4-1] [5.0 MQTT-1.5.4-2]', async t => {
  for (const text of ['', 'a\0b', '€'.repeat(70_000), '😀'.repeat(1000).slice(1), '\0'.repeat(3000)]) {
    const properties = problem(new MqttError('NotAuthorized', text))
    const wire = encode({ cmd: 'puback', messageId: 1, reasonCode: 0x87, properties }, 5)
    t.ok(wire.length < 4000)
    t.match(decodePacket(wire, 5), { cmd: 'puback', reasonCode: 0x87 }, 'and is well-formed')
  }
})

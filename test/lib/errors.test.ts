import t from 'tap'
import { toError } from '../../lib/errors.js'
import { MqttError, Reason, type ReasonName, StackError } from '../../lib/index.js'

t.test('an MqttError has a reason, a stable code, and a text people can read', t => {
  const err = new MqttError('NotAuthorized')
  t.match(err, {
    name: 'MqttError',
    code: 'MQTT_NOT_AUTHORIZED',
    reasonName: 'NotAuthorized',
    reason: 0x87,
    message: 'Not authorized',
    fatal: false
  })
  t.ok(err instanceof Error)
  t.notOk('cause' in err)
  t.equal(new MqttError('NotAuthorized', 'not yours').message, 'not yours')
  t.end()
})

t.test('every reason has a code of its own, made of its words', t => {
  const codes = (Object.keys(Reason) as ReasonName[]).map(name => new MqttError(name).code)
  t.equal(new Set(codes).size, codes.length)
  for (const code of codes) t.match(code, /^MQTT(_[A-Z0-9]+)+$/)
  const known: Array<[ReasonName, string, string]> = [
    ['QoSNotSupported', 'MQTT_QOS_NOT_SUPPORTED', 'QoS not supported'],
    ['GrantedQoS1', 'MQTT_GRANTED_QOS1', 'Granted QoS1'],
    ['BadUserNameOrPassword', 'MQTT_BAD_USER_NAME_OR_PASSWORD', 'Bad user name or password'],
    ['Banned', 'MQTT_BANNED', 'Banned'],
    ['UseAnotherServer', 'MQTT_USE_ANOTHER_SERVER', 'Use another server']
  ]
  for (const [name, code, message] of known) t.match(new MqttError(name), { code, message })
  t.end()
})

t.test('fatal depends on the reason, unless who throws says otherwise', t => {
  t.equal(new MqttError('ProtocolError').fatal, true)
  t.equal(new MqttError('QuotaExceeded').fatal, false)
  t.equal(new MqttError('QuotaExceeded', undefined, { fatal: true }).fatal, true)
  t.equal(new MqttError('ProtocolError', undefined, { fatal: false }).fatal, false)
  t.end()
})

t.test('cause, user properties and server reference are kept when they are given', t => {
  const cause = new Error('why')
  const err = new MqttError('ServerMoved', 'gone', {
    cause,
    userProperties: [['a', 'b']],
    serverReference: 'there:1883'
  })
  t.equal(err.cause, cause)
  t.match(err, { userProperties: [['a', 'b']], serverReference: 'there:1883', message: 'gone' })
  t.equal(new MqttError('ServerMoved').userProperties, undefined)
  t.equal(new MqttError('ServerMoved').serverReference, undefined)
  t.end()
})

t.test('a StackError carries its code in its text, and all problems', t => {
  const cause = new Error('why')
  const err = new StackError('STACK_ORDER', 'wrong order', ['a', 'b'], cause)
  t.match(err, {
    name: 'StackError',
    code: 'STACK_ORDER',
    message: '[STACK_ORDER] wrong order',
    problems: ['a', 'b']
  })
  t.equal(err.cause, cause)
  t.same(new StackError('STACK_ORDER', 'x').problems, [])
  t.notOk('cause' in new StackError('STACK_ORDER', 'x'))
  t.end()
})

t.test('what was thrown becomes an Error', t => {
  const err = new TypeError('mine')
  t.equal(toError(err), err)
  t.match(toError(Reason.NotAuthorized), { name: 'MqttError', reason: 0x87 })
  t.match(toError(0x97), { name: 'MqttError', reasonName: 'QuotaExceeded' })
  for (const thrown of [
    0,
    0x04,
    0x19,
    0x7f,
    0xff,
    0x87 + 0.5,
    Number.NaN,
    'text',
    undefined,
    null,
    {},
    Symbol('s')
  ]) {
    const found = toError(thrown)
    t.notOk(found instanceof MqttError, String(thrown))
    t.match(found.message, /^a handler threw something that is no Error: /)
    t.equal(found.cause === thrown || Number.isNaN(thrown), true)
  }
  t.match(toError('text').message, "'text'")
  t.end()
})

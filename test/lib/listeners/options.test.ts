import t from 'tap'
import { type Listenable, listenerSettings } from '../../../lib/listeners/index.js'
import { isLoopback } from '../../../lib/listeners/options.js'
import { server } from '../../support/certs.js'

function problems(listenable: unknown): readonly string[] {
  try {
    listenerSettings(listenable as Listenable)
    return []
  } catch (err) {
    return (err as { problems: readonly string[] }).problems
  }
}

t.test('a port alone is TCP on it', async t => {
  t.match(listenerSettings(1884), { protocol: 'tcp', name: 'tcp', port: 1884, host: undefined })
  t.equal(listenerSettings(0).port, 0)
})

t.test('a URL says protocol, host, port and path', async t => {
  t.match(listenerSettings('mqtt://10.0.0.1:1884'), { protocol: 'tcp', host: '10.0.0.1', port: 1884 })
  t.match(listenerSettings('TCP://[::1]'), { protocol: 'tcp', host: '::1', port: 1883 })
  t.match(listenerSettings('ws://localhost:8083/broker'), { protocol: 'ws', port: 8083, path: '/broker' })
  t.match(listenerSettings('ws://localhost:80'), { protocol: 'ws', port: 80, path: '/mqtt' })
  t.match(listenerSettings('ws://localhost/'), { port: 8083, path: '/mqtt' })
  t.match(listenerSettings('mqtt://'), { protocol: 'tcp', host: undefined, port: 1883 })
  t.match(listenerSettings('unix:///run/mqtt.sock'), { protocol: 'unix', path: '/run/mqtt.sock', port: 0 })
  t.match(listenerSettings('mqtt+unix://mqtt.sock'), { protocol: 'unix', path: 'mqtt.sock' })
})

t.test('every protocol has its default port', async t => {
  const tls = server
  t.equal(listenerSettings({}).port, 1883)
  t.match(listenerSettings({ tls }), { protocol: 'tls', port: 8883 })
  t.equal(listenerSettings({ protocol: 'ws' }).port, 8083)
  t.equal(listenerSettings({ protocol: 'wss', tls }).port, 8084)
  t.match(listenerSettings({ path: '/run/x.sock' }), { protocol: 'unix', port: 0, path: '/run/x.sock' })
})

t.test('the path of a WebSocket listener starts with a slash', async t => {
  t.equal(listenerSettings({ protocol: 'ws', path: 'broker' }).path, '/broker')
})

t.test('what is no listener is told with what would be', async t => {
  const schemes = 'mqtt, tcp, mqtts, tls, ssl, ws, wss, unix, mqtt+unix'
  const help = `is no listener: give a port, options, or a URL with ${schemes}`
  t.same(problems('http://localhost'), [`'http://localhost' ${help}`])
  t.same(problems('localhost:1883'), [`'localhost:1883' ${help}`])
  t.same(problems(null), [`'null' ${help}`])
  t.same(problems('mqtt://localhost:99999'), [
    "'mqtt://localhost:99999' is no listener: its host or its port is wrong"
  ])
  t.same(problems('mqtt://user:secret@localhost'), [
    "'mqtt://user:secret@localhost' has more than a host, a port and a path"
  ])
})

t.test('everything that is wrong with options is told at once', async t => {
  t.same(problems({ prot: 1, port: 70_000, maxConnections: 0, path: '/x' }), [
    "'prot' is no option of a listener: did you mean 'port'?",
    'port is 70000: give an integer from 0 to 65535',
    'maxConnections is 0: give an integer of at least 1',
    'a tcp listener has no path: WebSocket (ws, wss) has one'
  ])
  t.same(problems({ port: '1883', host: 5, allowAnonymous: 'no' }), [
    'port is 1883: give a number',
    'host is 5: give a string',
    'allowAnonymous is no: give a boolean'
  ])
  t.same(problems({ zzzzzzzzz: 1 }), [
    "'zzzzzzzzz' is no option of a listener: there are protocol, port, host, path, name, allowAnonymous, " +
      'maxConnections, tls'
  ])
  t.same(problems({ port: Number.NaN }), ['port is NaN: give an integer from 0 to 65535'])
  t.same(problems({ maxConnections: 1.5 }), ['maxConnections is 1.5: give an integer of at least 1'])
  t.same(problems({ maxConnections: Number.POSITIVE_INFINITY }), [])
})

t.test('a protocol has what it needs and nothing else', async t => {
  t.same(problems({ protocol: 'toString' }), ["protocol is 'toString': give one of tcp, tls, ws, wss, unix"])
  t.same(problems({ protocol: 'tls' }), ['a tls listener needs tls: { cert, key }'])
  t.same(problems({ protocol: 'wss', tls: { cert: 'x' } }), ['a wss listener needs tls: { cert, key }'])
  t.same(problems('mqtts://localhost'), ['a tls listener needs tls: { cert, key }'])
  t.same(problems({ protocol: 'ws', tls: server }), [
    "a ws listener has no tls: give protocol 'tls' or 'wss'"
  ])
  t.same(problems({ protocol: 'unix' }), ['a unix listener needs the path of its socket'])
  t.same(problems({ protocol: 'unix', path: 'x', port: 1 }), ['a unix listener has no port and no host'])
  t.same(problems('mqtt://localhost/mqtt'), ['a tcp listener has no path: WebSocket (ws, wss) has one'])
})

t.test('only addresses of this machine are loopback', async t => {
  for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.9.9.9', '::1', '0:0:0:0:0:0:0:1']) {
    t.ok(isLoopback(host), host)
  }
  t.ok(isLoopback('::ffff:127.0.0.1'))
  for (const host of ['127.0.0.1.example.org', '10.0.0.1', '0.0.0.0', '::', '::2', 'localhost.example.org']) {
    t.notOk(isLoopback(host), host)
  }
  t.notOk(isLoopback(undefined))
})

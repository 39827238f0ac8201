import t from 'tap'
import { type Settings, settingsOf } from '../../../lib/cli/settings.js'
import { tryIt } from '../../../lib/cli/try-it.js'
import type { Listener } from '../../../lib/index.js'

const open = (url: string, protocol: Listener['protocol'], port = 0): Listener => ({
  ...{ name: protocol, protocol, port, url },
  close: async () => {}
})
const plain = settingsOf(new Map())
const tcp = open('mqtt://localhost:1883', 'tcp', 1883)

t.test('a line to subscribe, one to publish, and one for the browser', async t => {
  t.same(tryIt([tcp, open('ws://localhost:8083/mqtt', 'ws', 8083)], plain), [
    "mosquitto_sub -p 1883 -v -t 'test/#'",
    'mosquitto_pub -p 1883 -t test/hello -m hello',
    "new WebSocket('ws://localhost:8083/mqtt', 'mqtt')"
  ])
})

t.test('an address is named when it is not localhost; all addresses are reached there', async t => {
  const [sub] = tryIt([open('mqtt://127.0.0.2:1', 'tcp', 1)], plain)
  t.equal(sub, "mosquitto_sub -h 127.0.0.2 -p 1 -v -t 'test/#'")
  t.match(tryIt([open('mqtt://[::1]:1', 'tcp', 1)], plain)[0], '-h ::1 -p 1')
  for (const host of ['0.0.0.0', '[::]']) {
    t.match(tryIt([open(`mqtt://${host}:1`, 'tcp', 1)], plain)[0], 'mosquitto_sub -p 1 ')
    t.same(tryIt([open(`wss://${host}:1/x`, 'wss', 1)], plain), [
      "new WebSocket('wss://localhost:1/x', 'mqtt')"
    ])
  }
})

t.test('a Unix socket is named by its path', async t => {
  t.match(tryIt([open('unix:///tmp/a b', 'unix')], plain)[0], "mosquitto_sub --unix '/tmp/a b' -v")
})

t.test('TLS needs an authority, and a certificate if clients have to show one', async t => {
  const tls = { cert: 'c.pem', key: 'k', ca: undefined, requireClientCert: false }
  const at = (more: object): Settings => ({ ...plain, tls: { ...tls, ...more } })
  const secure = open('mqtts://localhost:8883', 'tls', 8883)
  t.match(tryIt([secure], at({}))[0], 'mosquitto_sub -p 8883 --cafile c.pem -v')
  t.match(
    tryIt([secure], at({ ca: 'ca.pem', requireClientCert: true }))[0],
    /--cafile ca\.pem --cert \S+ --key \S+ -v/
  )
})

t.test('a user is named, a password is not', async t => {
  const user = { name: "o'neill", password: 'GEHEIM', passwordFile: undefined }
  const lines = tryIt([tcp], { ...plain, user })
  t.match(lines[0], "-u 'o'\\''neill' -P '…'")
  t.notMatch(lines.join(), /GEHEIM/)
})

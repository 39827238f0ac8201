import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { run } from '../../../../lib/cli/run.js'
import { type Broker, type BrokerOptions, createBroker } from '../../../../lib/index.js'
import { server } from '../../../support/certs.js'
import { FakeProcess } from '../fake-process.js'

async function listening(
  t: Test,
  options: BrokerOptions = {}
): Promise<{ broker: Broker; url: string; port: number }> {
  const broker = createBroker(options)
  broker.on('error', () => {})
  t.teardown(() => broker.close())
  const [listener] = await broker.listen({ port: 0, host: '127.0.0.1' })
  return { broker, url: `mqtt://127.0.0.1:${listener!.port}`, port: listener!.port! }
}

async function spec(args: string, own = new FakeProcess()) {
  const code = await run(['spec', ...args.split(' ')], own)
  return { code, printed: own.printed, complaints: own.complaints }
}

/** Says that there are no retained messages: one case fails, since there are. */
function lying(t: Test, more: object = {}): string {
  const path = join(t.testdir(), 'lie.json')
  writeFileSync(path, JSON.stringify({ capabilities: { retain: false }, ...more }))
  return `--capabilities ${path} --only retain-ends-the-connection --timeout 300ms`
}

t.test('a broker that passes: exit code 0, and the totals last', async t => {
  const { url } = await listening(t)
  const { code, printed, complaints } = await spec(`${url} --only granted-qos`)
  t.same({ code, complaints }, { code: 0, complaints: '' })
  t.match(printed, /^mqtt:\/\/127\.0\.0\.1:\d+\nMQTT 3\.1\.1 and 5\.0, 2 cases in /)
  t.match(printed, /\n2 passed, 0 failed, 0 skipped\n$/)
  t.notMatch(printed, '\x1b')
})

t.test('a broker that fails: exit code 1, a line as it comes, and all of it in the report', async t => {
  const { url } = await listening(t)
  const { code, printed } = await spec(`${url} ${lying(t)}`)
  t.equal(code, 1)
  t.match(
    printed,
    /^✖ 5\.0:retain-ends-the-connection: .*: expected the broker to close the connection, but /
  )
  t.match(printed, /\nFailures\n\n✖ 5\.0:retain-ends-the-connection/)
  t.match(printed, /PUBLISH, .* RETAIN/)
  t.match(printed, /\n0 passed, 1 failed, 0 skipped\n$/)
})

t.test('a known failure is none, a known failure that passes is one', async t => {
  const { url } = await listening(t)
  const known = { knownFailures: { 'retain-ends-the-connection': 'issue 7' } }
  const expected = await spec(`${url} ${lying(t, known)}`)
  t.equal(expected.code, 0)
  t.match(expected.printed, '0 passed, 0 failed, 0 skipped, 1 known failure\n')
  const other = await listening(t, { retainAvailable: false })
  const unexpected = await spec(`${other.url} ${lying(t, known)}`)
  t.equal(unexpected.code, 1)
  t.match(unexpected.printed, '1 unexpected pass\n')
})

t.test('what the first broker lacks runs on another one of the same', async t => {
  const { url } = await listening(t)
  const also = await listening(t, { retainAvailable: false })
  const only = '--only retain-ends-the-connection'
  t.match(await spec(`${url} ${only}`), { code: 0, printed: /0 passed, 0 failed, 1 skipped\n$/ })
  t.match(await spec(`${url} ${only} --also ${also.url}`), {
    code: 0,
    printed: /1 passed, 0 failed, 0 skipped\n$/
  })
})

t.test('a report in a file, and a terminal in colours', async t => {
  const { url } = await listening(t)
  const path = join(t.testdir(), 'report.json')
  const own = new FakeProcess({}, true)
  t.equal((await spec(`${url} --only granted-qos --reporter json --output ${path}`, own)).code, 0)
  t.equal(own.printed, `2 passed, 0 failed, 0 skipped; the report is in ${path}\n`)
  t.match(JSON.parse(readFileSync(path, 'utf8')), { format: 'stackmq-spec', totals: { passed: 2 } })
  t.match((await spec(`${url} --only granted-qos`, new FakeProcess({}, true))).printed, '\x1b[32m2 passed')
  t.notMatch(
    (await spec(`${url} --only granted-qos`, new FakeProcess({ NO_COLOR: '1' }, true))).printed,
    '\x1b'
  )
  const folder = await spec(`${url} --output /no/such/folder/x`)
  t.same(folder, {
    ...{ code: 1, printed: '' },
    complaints: 'stackmq: --output /no/such/folder/x cannot be made: its folder does not exist\n'
  })
  const unused = join(t.testdir(), 'unused.json')
  await spec(`mqtt://127.0.0.1:1 --output ${unused}`)
  t.notOk(existsSync(unused), 'a run that cannot begin leaves no empty report')
})

t.test('two brokers side by side; the first one counts', async t => {
  const { url } = await listening(t)
  const there = await listening(t, { maximumQoS: 0 })
  const { code, printed } = await spec(`${url} --only granted-qos --against ${there.url} --reporter json`)
  t.equal(code, 0)
  t.match(JSON.parse(printed).comparison, {
    ...{ target: there.url, same: 0 },
    differences: [
      {
        id: '3.1.1:granted-qos',
        here: { outcome: 'passed' },
        there: { outcome: 'skipped', reason: 'needs QoS 2' }
      },
      { id: '5.0:granted-qos' }
    ]
  })
})

t.test('asks who is there, and takes the login from all places', async t => {
  const { broker, url, port } = await listening(t)
  broker.use({
    name: 'Guard',
    authenticateConnection({ username, password }, store) {
      store.valid = username === 'ada' && password?.toString() === 'l@ve'
    }
  })
  const { code, printed, complaints } = await spec(`${url} --only granted-qos`)
  t.same({ code, printed }, { code: 1, printed: '' })
  t.match(
    complaints,
    /does not let a client in with MQTT 3\.1\.1 and MQTT 5\.0: .*; say who the clients are with --username/
  )
  t.equal((await spec(`mqtt://ada:l%40ve@127.0.0.1:${port} --only granted-qos`)).code, 0)
  const own = new FakeProcess({ STACKMQ_USERNAME: 'ada', STACKMQ_PASSWORD: 'l@ve' })
  t.equal((await spec(`${url} --only granted-qos`, own)).code, 0)
})

t.test('a broker that cannot be used: one sentence with what to do next', async t => {
  const silent = net.createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.close())
  const { port } = silent.address() as net.AddressInfo
  const taken = net.createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port: free } = taken.address() as net.AddressInfo
  taken.close()
  await once(taken, 'close')
  const broker = createBroker()
  t.teardown(() => broker.close())
  const tls = { cert: server.cert, key: server.key }
  const [secure] = await broker.listen({
    protocol: 'tls',
    port: 0,
    host: '127.0.0.1',
    tls,
    allowAnonymous: true
  })
  const cases: Array<[string, RegExp]> = [
    [
      `mqtt://127.0.0.1:${free}`,
      /cannot be reached: nobody listens there \(connection refused\); start the broker, or/
    ],
    [
      `mqtts://127.0.0.1:${port} --timeout 100ms`,
      /cannot be reached: no answer within 0\.1 s; .* --timeout$/
    ],
    [`ws://127.0.0.1:${port} --timeout 100ms`, /cannot be reached: no answer within 0\.1 s; .* --timeout$/],
    [
      `mqtt://127.0.0.1:${port} --timeout 100ms`,
      /does not let a client in .*within 0\.1 s; check that this port/
    ],
    [
      `mqtts://127.0.0.1:${secure!.port}`,
      /cannot be reached: its certificate .*; name its authority with --tls-ca, or/
    ],
    [`mqtts://127.0.0.1:${secure!.port} --tls-insecure --only 99`, /there is no case '99'/]
  ]
  for (const [args, text] of cases) {
    const { code, printed, complaints } = await spec(args)
    t.equal(printed, '')
    t.equal(code, args.endsWith('99') ? 2 : 1)
    t.match(complaints.trimEnd(), text)
    t.equal(complaints.split('\n').length, 2, 'one line')
  }
  t.equal((await spec(`mqtts://127.0.0.1:${secure!.port} --tls-insecure --only granted-qos`)).code, 0)
})

t.test('a signal stops it: what there is so far is told, and nothing is left behind', async t => {
  const { broker, url } = await listening(t)
  const own = new FakeProcess()
  const begun = new Promise<void>(resolve => broker.on('subscribe', () => resolve()))
  const running = spec(`${url} --only granted-qos,will-delay`, own)
  await begun
  own.emit('SIGINT')
  const { code, printed } = await running
  t.equal(code, 130)
  t.match(printed, 'stopped before all cases had run')
  own.emit('SIGINT')
  t.same(own.exits, [130], 'a second one ends it at once')
})

t.test('before the cases begin, the first signal ends it', async t => {
  const silent = net.createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.close())
  const own = new FakeProcess()
  const { port } = silent.address() as net.AddressInfo
  const running = spec(`mqtt://127.0.0.1:${port} --timeout 200ms`, own)
  await once(silent, 'connection')
  own.emit('SIGINT')
  t.same(own.exits, [130])
  await running
})

t.test('a server that is no broker for WebSocket clients is told from one that is down', async t => {
  const web = http.createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
  await once(web, 'listening')
  t.teardown(() => web.close())
  const { port } = web.address() as net.AddressInfo
  const { complaints } = await spec(`ws://127.0.0.1:${port}/mqtt`)
  t.match(complaints, /it answers with HTTP 200, and opens no WebSocket at this path; check port and path/)
})

t.test('lists and help need no broker', async t => {
  t.match(await spec('--list --only granted-qos'), { code: 0, printed: /^3\.1\.1:granted-qos / })
  t.match(await spec('--coverage'), { code: 0, printed: /^Statements of the specification/ })
  t.match(await spec('--help'), { code: 0, printed: /^stackmq spec URL/ })
  t.match(await spec('--prot'), { code: 2, complaints: /unknown option '--prot'/ })
})

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { createBroker } from '../../lib/index.js'
import { protocolSuite, suiteCases } from '../../spec-suite/index.js'
import { buildIfStale } from '../support/build.js'

t.before(() => t.equal(buildIfStale(), '', 'the package is built'))

const lie = { capabilities: { retain: false }, limit: 300 }

async function url(t: Test): Promise<string> {
  const broker = createBroker()
  broker.on('error', () => {})
  t.teardown(() => broker.close())
  const [listener] = await broker.listen({ port: 0, host: '127.0.0.1' })
  return `mqtt://127.0.0.1:${listener!.port}`
}

/** A test file in a process of its own. */
async function ran(t: Test, runner: 'node' | 'tap', only: string, more: object = {}) {
  const file = fileURLToPath(new URL(`../support/programs/protocol-suite-${runner}.mjs`, import.meta.url))
  const { NODE_OPTIONS: _, TAP: __, ...env } = process.env
  const SUITE = `${await url(t)} ${only} ${JSON.stringify(more)}`
  // Beneath a test runner, node:test would speak its own language.
  delete env.NODE_TEST_CONTEXT
  const args = runner === 'node' ? ['--test-reporter=tap', file] : [file]
  return new Promise<{ code: number; output: string }>(resolve =>
    execFile(process.execPath, args, { env: { ...env, SUITE } }, (err, output) =>
      resolve({ code: Number(err?.code ?? 0), output })
    )
  )
}

for (const runner of ['node', 'tap'] as const) {
  t.test(`with ${runner}: a test for each case, which passes or is skipped`, async t => {
    const { code, output } = await ran(t, runner, 'granted-qos,retain-ends-the-connection')
    t.equal(code, 0)
    t.match(output, /^ok 1 - 3\.1\.1:granted-qos: a message is .* \[MQTT-3\.8\.4-6\]/m)
    t.match(output, /^ok 2 - 5\.0:granted-qos/m)
    t.match(output, /^ok 3 - 5\.0:retain-ends-the-connection/m)
    t.match(output, /needs retained messages switched off/)
    t.match(output, /^ *# (skipped 1|.*skip: 1)|^ +ok 1 - needs retained messages switched off # SKIP/m)
  })

  t.test(`with ${runner}: a case that fails says what was expected, what came and what was said`, async t => {
    const { code, output } = await ran(t, runner, 'retain-ends-the-connection', lie)
    t.equal(code, 1)
    t.match(output, /^not ok 1 - 5\.0:retain-ends-the-connection/m)
    t.match(output, /expected {2}the broker to close the connection/)
    t.match(output, /publisher +→ PUBLISH/)
  })

  t.test(`with ${runner}: a known failure does not fail`, async t => {
    const knownFailures = { 'retain-ends-the-connection': 'seven' }
    const { code, output } = await ran(t, runner, 'retain-ends-the-connection', { ...lie, knownFailures })
    t.equal(code, 0)
    t.match(output, 'known failure: seven')
  })
}

t.test('begins with the first test, and every test waits for its own case', async t => {
  const tests = new Map<string, () => Promise<void>>()
  const target = await url(t)
  const skips: string[] = []
  const test = (name: string, body: (t: { skip(reason?: string): void }) => Promise<void>) =>
    tests.set(name.split(' ')[0]!, () => body({ skip: reason => skips.push(reason!) }))
  let begun = 0
  const only = ['granted-qos', 'no-local']
  protocolSuite({ test, target, only, capabilities: { versions: ['3.1.1'] }, onStart: () => begun++ })
  t.same([...tests.keys()], ['3.1.1:granted-qos:', '5.0:no-local:', '5.0:granted-qos:'])
  t.equal(begun, 0)
  for (const run of [...tests.values()].reverse()) await run()
  t.equal(begun, 1)
  t.match(skips, [/it did not run/, /it did not run/])
})

t.test('without a broker every test fails, and says why', async t => {
  const bodies: Array<() => Promise<void>> = []
  const target = { name: 'nowhere', webSocket: null, open: () => Promise.reject(new Error('no way')) }
  protocolSuite({ test: (_, body) => bodies.push(() => body({})), target, only: ['granted-qos'] })
  t.equal(bodies.length, 2)
  for (const body of bodies) await t.rejects(body(), { message: 'nowhere cannot be reached: no way' })
})

t.test('the list of cases says what they are, and does nothing', async t => {
  t.ok(suiteCases.length > 100)
  t.match(suiteCases[0], { id: String, version: String, title: String, proves: Array, needs: Array })
  t.throws(() => protocolSuite({ test: () => {}, target: 'mqtt://a', only: ['nonsense', 'granted-qos'] }), {
    message: /^'nonsense': no such case/
  })
})

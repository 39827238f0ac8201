import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { Aedes } from 'aedes'
import t, { type Test } from 'tap'
import { freePort } from '../../bench/brokers/broker-process.js'
import { lineText } from '../../spec-suite/protocol/dialogue.js'
import type { SuiteReport } from '../../spec-suite/protocol/result.js'
import { type BrokerUnderTest, runSuite } from '../../spec-suite/protocol/run.js'
import { folder, mosquitto, mosquittoVersion, passwordFile } from '../support/mosquitto-broker.js'

const peers = new URL('../../spec-suite/peers/', import.meta.url)

function known(file: string): Record<string, string> {
  return JSON.parse(readFileSync(new URL(file, peers), 'utf8')).knownFailures
}

/** The suite is right about brokers that we did not write: nothing is new, and nothing of the list is gone. */
function asExpected(t: Test, { results }: SuiteReport, knownFailures: Record<string, string>): void {
  for (const { case: one, outcome, reason, failure, dialogue } of results) {
    const wanted = one.id in knownFailures ? 'known failure' : outcome === 'skipped' ? 'skipped' : 'passed'
    t.equal(outcome, wanted, `${one.id}: ${one.title} ${reason}`)
    if (outcome !== 'failed') continue
    t.comment(`expected ${failure!.expected}, but ${failure!.received} ${failure!.fault}`)
    for (const line of dialogue) t.comment(lineText(line))
  }
  const ids = new Set(results.map(({ case: { id } }) => id))
  t.same(
    Object.keys(knownFailures).filter(id => !ids.has(id)),
    [],
    'every known failure is a case that ran'
  )
}

// Side by side: mostly they wait.
t.jobs = 2

t.test('mosquitto: every failure is one that is explained', async t => {
  if (mosquittoVersion !== '2.0.11') {
    t.comment(`the list is for mosquitto 2.0.11, here is '${mosquittoVersion}'`)
    t.pass('left out')
    return
  }
  const knownFailures = known('mosquitto-2.0.json')
  const report = await runSuite({ ...(await mosquittos(t)), knownFailures })
  asExpected(t, report, knownFailures)
})

/** Three of them: open, restricted, guarded. */
async function mosquittos(t: Test): Promise<BrokerUnderTest & { also: BrokerUnderTest[] }> {
  const [open, ws, restricted, guarded] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort()
  ]
  const anybody = 'allow_anonymous true'
  await mosquitto(
    t,
    `listener ${open} 127.0.0.1\n${anybody}\nlistener ${ws} 127.0.0.1\nprotocol websockets\n`,
    [open]
  )
  const limits = 'max_qos 1\nretain_available false\nmax_packet_size 2000\nmax_topic_alias 0'
  await mosquitto(t, `listener ${restricted} 127.0.0.1\n${anybody}\n${limits}\n`, [restricted])
  const acl = join(folder(t), 'acl')
  writeFileSync(acl, 'user ada\ntopic readwrite #\ntopic deny suite/forbidden\n')
  const rights = `password_file ${passwordFile(t, 'ada', 'lovelace')}\nacl_file ${acl}`
  await mosquitto(t, `listener ${guarded} 127.0.0.1\nallow_zero_length_clientid false\n${rights}\n`, [
    guarded
  ])
  const at = (port: number) => `mqtt://127.0.0.1:${port}`
  return {
    ...{ target: at(open), capabilities: { webSocketUrl: `ws://127.0.0.1:${ws}` } },
    also: [
      { target: at(restricted) },
      {
        ...{ target: at(guarded), username: 'ada', password: 'lovelace' },
        capabilities: { authentication: true, refusedTopic: 'suite/forbidden' }
      }
    ]
  }
}

t.test('aedes: every failure is one that is explained, and 5.0 is left out', async t => {
  const broker = await Aedes.createBroker()
  const server = net.createServer(broker.handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.close()
    await new Promise<void>(resolve => broker.close(resolve))
  })
  const { port } = server.address() as net.AddressInfo
  const knownFailures = known('aedes-1.2.json')
  const report = await runSuite({ target: `mqtt://127.0.0.1:${port}`, knownFailures })
  t.same(report.versions, ['3.1.1'])
  t.match(report.refusedVersions, [{ version: '5.0' }])
  asExpected(t, report, knownFailures)
})

t.test('peers.md explains the very cases that the lists have', t => {
  const [, mosquittoPart = '', aedesPart = ''] = readFileSync(new URL('../peers.md', peers), 'utf8').split(
    /^## /m
  )
  const named = (part: string) =>
    [...part.matchAll(/^\| (?:\*\*)?`([a-z0-9-]+)`/gm)].map(([, name]) => name!).sort()
  const listed = (file: string) => [...new Set(Object.keys(known(file)).map(id => id.split(':')[1]!))].sort()
  t.same(named(mosquittoPart), listed('mosquitto-2.0.json'))
  t.same(named(aedesPart), listed('aedes-1.2.json'))
  t.end()
})

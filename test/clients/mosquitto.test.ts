import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createBroker } from '../../lib/index.js'
import { ca, caFile, clientFiles, server } from '../support/certs.js'
import { hasMosquitto, run } from '../support/mosquitto.js'
import { told } from '../support/told.js'

const format = ['-F', '%t %q %r %p']

type Case = (
  t: Test,
  version: string,
  where: string[],
  broker: ReturnType<typeof createBroker>
) => Promise<void>

const cases: Record<string, Case> = {
  async 'QoS 0, 1 and 2 both ways'(t, version, where, broker) {
    for (const qos of ['0', '1', '2']) {
      const subscribed = told(broker, 'subscribe')
      const reader = run(t, 'mosquitto_sub', [
        ...where,
        '-V',
        version,
        '-t',
        'a/#',
        '-q',
        qos,
        '-C',
        '1',
        ...format
      ])
      await subscribed
      const writer = await run(t, 'mosquitto_pub', [
        ...where,
        '-V',
        version,
        '-t',
        'a/b',
        '-q',
        qos,
        '-m',
        'hi'
      ])
      t.same(writer, { code: 0, lines: [], complaints: '' })
      t.same(await reader, { code: 0, lines: [`a/b ${qos} 0 hi`], complaints: '' })
    }
  },

  async 'many lines of standard input, in order'(t, version, where, broker) {
    const subscribed = told(broker, 'subscribe')
    const reader = run(t, 'mosquitto_sub', [...where, '-V', version, '-t', 'a', '-q', '2', '-C', '300'])
    await subscribed
    const sent = Array.from({ length: 300 }, (_, i) => `line ${i}`)
    await run(
      t,
      'mosquitto_pub',
      [...where, '-V', version, '-t', 'a', '-q', '2', '-l'],
      `${sent.join('\n')}\n`
    )
    t.same((await reader).lines, sent)
  },

  async 'retained messages'(t, version, where) {
    const publish = [...where, '-V', version, '-q', '1', '-r']
    await run(t, 'mosquitto_pub', [...publish, '-t', 'r/1', '-m', 'kept'])
    await run(t, 'mosquitto_pub', [...publish, '-t', 'r/0', '-m', 'removed'])
    await run(t, 'mosquitto_pub', [...publish, '-t', 'r/0', '-n'])
    const args = [...where, '-V', version, '-t', 'r/#', '-q', '1', '-C', '1', ...format]
    t.same((await run(t, 'mosquitto_sub', args)).lines, ['r/1 1 1 kept'])
  },

  async 'the will of a client that is killed'(t, version, where, broker) {
    const { spawn } = await import('node:child_process')
    const watched = told(broker, 'subscribe')
    const watcher = run(t, 'mosquitto_sub', [
      ...where,
      '-V',
      version,
      '-t',
      'will',
      '-q',
      '2',
      '-C',
      '1',
      ...format
    ])
    await watched
    const there = told(broker, 'subscribe')
    const will = ['--will-topic', 'will', '--will-payload', 'gone', '--will-qos', '2']
    const doomed = spawn('mosquitto_sub', [...where, '-V', version, '-t', 'x', ...will])
    await there
    doomed.kill('SIGKILL')
    t.same((await watcher).lines, ['will 2 0 gone'])
  },

  async 'a session that sleeps gets what it missed'(t, version, where) {
    const session = version === 'mqttv5' ? ['-c', '-x', '100'] : ['-c']
    const args = [...where, '-V', version, '-i', 'sleeper', ...session, '-t', 's/#', '-q', '1']
    t.equal((await run(t, 'mosquitto_sub', [...args, '-E'])).code, 0)
    for (const payload of ['one', 'two', 'three']) {
      await run(t, 'mosquitto_pub', [...where, '-V', version, '-t', 's/1', '-q', '1', '-m', payload])
    }
    const woken = await run(t, 'mosquitto_sub', [...args, '-C', '3', ...format])
    t.same(woken.lines, ['s/1 1 0 one', 's/1 1 0 two', 's/1 1 0 three'])
  }
}

async function overTcp(t: Test, version: string, test: Case): Promise<void> {
  await using broker = createBroker()
  const [listener] = await broker.listen(0)
  await test(t, version, ['-h', 'localhost', '-p', `${listener!.port}`], broker)
}

const more: Record<string, (t: Test) => Promise<void>> = {
  async 'TLS, with and without a client certificate'(t) {
    await using broker = createBroker()
    const tls = { ...server, ca, requestCert: true, rejectUnauthorized: false }
    const [listener] = await broker.listen({ port: 0, tls })
    const where = ['-h', 'localhost', '-p', `${listener!.port}`, '--cafile', caFile]
    const names: unknown[] = []
    broker.on('connect', ({ client }) => names.push(client.info.certificate?.subject.CN))
    for (const identity of [[], ['--cert', clientFiles.cert, '--key', clientFiles.key]]) {
      const args = [...where, ...identity, '-t', 'a', '-q', '1', '-m', 'hi']
      t.same(await run(t, 'mosquitto_pub', args), { code: 0, lines: [], complaints: '' })
    }
    t.same(names, [undefined, 'sensor-1'])
    const unsure = await run(t, 'mosquitto_pub', ['-h', 'localhost', '-p', where[3]!, '-t', 'a', '-m', 'x'])
    t.not(unsure.code, 0, 'no plain connections')
  },

  async 'a Unix socket'(t) {
    const dir = mkdtempSync(join(tmpdir(), 'smq-'))
    t.teardown(() => rmSync(dir, { recursive: true }))
    const path = join(dir, 'mqtt.sock')
    await using broker = createBroker()
    await broker.listen({ path })
    await cases['QoS 0, 1 and 2 both ways']!(t, 'mqttv5', ['--unix', path], broker)
  },

  async 'mosquitto_rr asks, and gets its answer'(t) {
    await using broker = createBroker()
    const [listener] = await broker.listen(0)
    await broker.subscribe('ask', packet => {
      const { responseTopic, correlationData } = packet.properties ?? {}
      const properties = correlationData ? { correlationData } : {}
      void broker.publish(responseTopic!, `${packet.payload}!`, { qos: 1, properties })
    })
    const where = ['-h', 'localhost', '-p', `${listener!.port}`, '-V', 'mqttv5']
    const answer = await run(t, 'mosquitto_rr', [
      ...where,
      '-t',
      'ask',
      '-e',
      'answer',
      '-m',
      'hello',
      '-q',
      '1'
    ])
    t.same(answer, { code: 0, lines: ['hello!'], complaints: '' })
  },

  async 'properties of MQTT 5'(t) {
    await using broker = createBroker()
    const [listener] = await broker.listen(0)
    const where = ['-h', 'localhost', '-p', `${listener!.port}`, '-V', 'mqttv5']
    const subscribed = told(broker, 'subscribe')
    const shown = ['-F', '%t %C %R %D %E %P %p']
    const reader = run(t, 'mosquitto_sub', [...where, '-t', 'a', '-C', '1', ...shown])
    await subscribed
    const property = (name: string, ...value: string[]) => ['-D', 'publish', name, ...value]
    const message = [...property('content-type', 'text/plain'), ...property('response-topic', 'r')]
    message.push(...property('correlation-data', 'c'), ...property('message-expiry-interval', '100'))
    message.push(...property('user-property', 'z', '1'), ...property('user-property', 'a', '2'))
    await run(t, 'mosquitto_pub', [...where, '-t', 'a', '-m', 'hi', ...message])
    t.same((await reader).lines, ['a text/plain r c 100 z:1 a:2 hi'])
  },

  async 'a shared subscription'(t) {
    await using broker = createBroker()
    const [listener] = await broker.listen(0)
    const where = ['-h', 'localhost', '-p', `${listener!.port}`, '-V', 'mqttv5']
    const members = []
    for (let i = 0; i < 2; i++) {
      const subscribed = told(broker, 'subscribe')
      members.push(run(t, 'mosquitto_sub', [...where, '-t', '$share/g/a', '-q', '1', '-C', '5']))
      await subscribed
    }
    await run(t, 'mosquitto_pub', [...where, '-t', 'a', '-q', '1', '-l'], '0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n')
    const [one, two] = await Promise.all(members)
    t.same([...one!.lines, ...two!.lines].sort(), [...'0123456789'])
  },

  async 'who is refused is told why'(t) {
    await using broker = createBroker({ allowAnonymous: false })
    const [listener] = await broker.listen({ port: 0, host: 'localhost' })
    const where = ['-h', 'localhost', '-p', `${listener!.port}`, '-t', 'a', '-m', 'x']
    t.match(await run(t, 'mosquitto_pub', [...where, '-V', 'mqttv5']), { complaints: /not authori[sz]ed/i })
    t.match(await run(t, 'mosquitto_pub', [...where, '-V', 'mqttv311']), { complaints: /not authori[sz]ed/i })
  }
}

if (hasMosquitto) {
  for (const version of ['mqttv31', 'mqttv311', 'mqttv5']) {
    for (const [title, test] of Object.entries(cases)) {
      t.test(`mosquitto clients, ${version}: ${title}`, t => overTcp(t, version, test))
    }
  }
  for (const [title, test] of Object.entries(more)) t.test(`mosquitto clients: ${title}`, test)
} else t.comment('mosquitto_sub is not here (Debian: mosquitto-clients): its tests are left out')

import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import t from 'tap'
import { wsPeer } from '../../support/net-peer.js'
import { Command, clientOf, patient, shortFolder } from './command.js'

t.test('runs a broker for every transport that is named, on the ports it says', async t => {
  const path = `${shortFolder(t)}/mqtt.sock`
  const command = new Command(['start', '--port', '0', '--ws-port=0', '--unix', path])
  const ports = await command.ready()
  t.ok(ports.tcp! > 0 && ports.ws! > 0)
  const subscriber = await clientOf({ port: ports.tcp }, 5)
  await subscriber.connect({ clientId: 's' })
  await subscriber.subscribe('a/#')
  const publishers = [
    await clientOf({ port: ports.tcp }, 4),
    patient(await wsPeer(`ws://localhost:${ports.ws}/mqtt`, {}, 5)),
    await clientOf({ path }, 3)
  ]
  for (const [i, publisher] of publishers.entries()) {
    await publisher.connect({ clientId: `p${i}` })
    publisher.send({ cmd: 'publish', topic: `a/${i}`, payload: `${i}`, qos: 0, dup: false, retain: false })
    t.match(await subscriber.next('publish'), { topic: `a/${i}` })
  }
  t.equal(await command.stop(), 0)
  t.equal(command.stderr, '')
})

t.test('what is no terminal gets JSON lines, with who comes and goes', async t => {
  const command = new Command(['start', '--port', '0'])
  const { tcp } = await command.ready()
  const peer = await clientOf({ port: tcp })
  await peer.connect({ clientId: 'c', keepalive: 10 })
  const came = await command.next('client connected', { client: 'c' })
  t.match(came, { level: 30, version: 5, keepalive: 10, listener: 'tcp', address: /^127\.0\.0\.1 \d+$/ })
  peer.cut()
  t.match(await command.next('client disconnected'), { client: 'c', clean: false })
  t.equal(await command.stop(), 0)
  for (const line of command.stdout.trimEnd().split('\n')) t.type(JSON.parse(line).msg, 'string')
})

t.test('pretty lines are for people, also into a file', async t => {
  const command = new Command(['start', '--unix', `${shortFolder(t)}/s`, '--log-format', 'pretty'])
  await once(command.child.stdout!, 'data')
  t.equal(await command.stop(), 0)
  t.match(command.stdout, /^\[\d\d:\d\d:\d\d\] INFO: listening on unix:/)
  t.match(command.stdout, /INFO: stopped\n$/)
})

t.test('takes every option from the environment, and the command line wins', async t => {
  const command = new Command(['start', '--max-qos', '1'], {
    env: {
      STACKMQ_PORT: '0',
      STACKMQ_MAX_QOS: '0',
      STACKMQ_NO_RETAIN: 'true',
      STACKMQ_SERVER_KEEP_ALIVE: '2m'
    }
  })
  const ports = await command.ready()
  t.same(Object.keys(ports), ['tcp'])
  const peer = await clientOf({ port: ports.tcp })
  const { properties } = await peer.connect()
  t.match(properties, { maximumQoS: 1, retainAvailable: false, serverKeepAlive: 120 })
  peer.cut()
  t.equal(await command.stop(), 0)
})

t.test('debug has a line for every packet, without payloads and passwords', async t => {
  const command = new Command(['start'], {
    env: {
      ...{
        STACKMQ_PORT: '0',
        STACKMQ_LOG_LEVEL: 'debug',
        STACKMQ_USERNAME: 'ada',
        STACKMQ_PASSWORD: 'GEHEIM'
      }
    }
  })
  const { tcp } = await command.ready()
  const peer = await clientOf({ port: tcp })
  await peer.connect({ clientId: 'c', username: 'ada', password: Buffer.from('GEHEIM') })
  peer.send({
    cmd: 'publish',
    topic: 'a',
    payload: 'GEHEIM',
    qos: 1,
    messageId: 7,
    dup: false,
    retain: false
  })
  await peer.next('puback')
  t.match(await command.next('→', { cmd: 'publish' }), {
    ...{ level: 20, client: 'c', direction: 'in', topic: 'a', qos: 1, mid: 7, size: 6 }
  })
  t.match(await command.next('←', { cmd: 'puback' }), { client: 'c', direction: 'out', mid: 7 })
  peer.cut()
  t.equal(await command.stop(), 0)
  t.notMatch(command.stdout, /GEHEIM/)
})

if (spawnSync('mosquitto_pub', ['--version']).error === undefined) {
  t.test('the lines to try it can be typed', async t => {
    const command = new Command(['start', '--port', '0'])
    const { tcp } = await command.ready()
    const { msg: sub } = await command.next('try it: mosquitto_sub')
    const { msg: pub } = await command.next('try it: mosquitto_pub')
    t.match(sub, `-p ${tcp}`)
    const subscriber = spawn('sh', ['-c', `exec ${sub.replace('try it: ', '')} -i watcher -C 1`])
    const output = once(createInterface({ input: subscriber.stdout }), 'line')
    await command.next('client connected', { client: 'watcher' })
    // Its SUBSCRIBE comes behind its CONNECT: a retained message reaches it in whatever order.
    await promisify(execFile)('sh', ['-c', `${pub.replace('try it: ', '')} -r`])
    t.same(await output, ['test/hello hello'])
    t.equal(await command.stop(), 0)
  })
}

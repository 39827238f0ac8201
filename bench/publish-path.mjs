/**
 * The publish path of the ready broker over loopback sockets: messages a second, and CPU microseconds of the broker
 * process per delivered message, which hardly moves when the machine is busy. Prints a JSON line for each scenario.
 *
 *   npm run bench                     all scenarios, two seconds each
 *   npm run bench -- qos0 qos1        some of them
 *   npm run bench -- --port 1884 --pid 4711   against a broker that runs already, on this machine
 */
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Flow } from './load/flow.mjs'

const scenarios = {
  'one-to-one qos0': [{}],
  'one-to-one qos0 v5': [{ version: 5 }],
  'one-to-one qos1': [{ qos: 1 }],
  'ten pairs qos0': Array.from({ length: 10 }, () => ({ window: 2000 })),
  'ten pairs qos0 1KiB': Array.from({ length: 10 }, () => ({ window: 2000, size: 1024 })),
  'ten pairs qos1': Array.from({ length: 10 }, () => ({ qos: 1, window: 1000 })),
  'ten pairs one in flight': Array.from({ length: 10 }, () => ({ window: 1 })),
  'fan-out 1000 qos0': [{ subscribers: 1000, window: 100 }]
}

const { values, positionals } = parseArgs({
  options: { port: { type: 'string' }, pid: { type: 'string' }, seconds: { type: 'string', default: '2' } },
  allowPositionals: true
})

/** User and system time of a process, in microseconds, all threads. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

async function measure(title, flows, { port, pid }) {
  const running = flows.map((options, i) => new Flow({ port, name: i, ...options }))
  for (const flow of running) await flow.open()
  for (const flow of running) flow.start()
  const delivered = () => running.reduce((sum, flow) => sum + flow.delivered, 0)
  await sleep(500)
  const before = { cpu: cpuOf(pid), delivered: delivered(), at: performance.now() }
  await sleep(Number(values.seconds) * 1000)
  const count = delivered() - before.delivered
  const seconds = (performance.now() - before.at) / 1000
  const cpu = cpuOf(pid) - before.cpu
  for (const flow of running) flow.stop()
  console.log(
    JSON.stringify({
      scenario: title,
      messagesPerSecond: Math.round(count / seconds),
      cpuMicrosecondsPerMessage: Number((cpu / count).toFixed(3))
    })
  )
}

function startBroker() {
  const child = fork(new URL('./load/broker.mjs', import.meta.url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc']
  })
  return new Promise(resolve => child.once('message', port => resolve({ port, pid: child.pid, child })))
}

const broker = values.port ? { port: Number(values.port), pid: Number(values.pid) } : await startBroker()
for (const [title, flows] of Object.entries(scenarios)) {
  if (positionals.length > 0 && !positionals.some(word => title.includes(word))) continue
  await measure(title, flows, broker)
}
broker.child?.kill()

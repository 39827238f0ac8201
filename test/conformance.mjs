// `npm run spec`: the conformance suite on our own broker with three settings (everything on, everything off, guarded),
// over TCP and then over WebSocket; then over TCP on one with everything on that stores on disk. Arguments go to
// `stackmq spec`: npm run spec -- --version 5 --only 4.7

import './support/typescript.mjs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const { buildIfStale } = await import('./support/build.ts')
const { guardedBroker, plainBroker, restrictedBroker, storedBroker } = await import(
  './support/suite-brokers.ts'
)

const command = fileURLToPath(new URL('../dist/lib/cli/main.js', import.meta.url))
const complaints = buildIfStale()
if (complaints !== '') {
  console.error(complaints)
  process.exit(1)
}

const folder = mkdtempSync(join(tmpdir(), 'stackmq-spec-'))
const stored = storedBroker(join(folder, 'data'))
const brokers = [plainBroker(), restrictedBroker(), guardedBroker(), stored]
const places = []
for (const { broker, capabilities, username, password } of brokers) {
  // Cases break the rules, and the broker says so.
  broker.on('error', () => {})
  const [tcp, ws] = await broker.listen({ port: 0 }, 'ws://localhost:0/mqtt')
  const webSocketUrl = `ws://localhost:${ws.port}/mqtt`
  const own = { capabilities: { ...capabilities, webSocketUrl }, ...(username && { username, password }) }
  places.push({ ...own, tcp: `mqtt://localhost:${tcp.port}`, ws: webSocketUrl })
}

const [plain, restricted, guarded, onDisk] = places
const runs = [
  ['tcp', plain],
  ['ws', plain],
  ['tcp', onDisk]
]
let worst = 0
for (const [transport, first] of runs) {
  if (first === onDisk) console.log('\nWith everything stored on disk:')
  const also = [restricted, guarded].map(({ tcp, ws, ...own }) => ({
    ...own,
    url: transport === 'tcp' ? tcp : ws
  }))
  const file = join(folder, 'capabilities.json')
  writeFileSync(file, JSON.stringify({ capabilities: first.capabilities, also }))
  const args = [command, 'spec', first[transport], '--capabilities', file, ...process.argv.slice(2)]
  const [code] = await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit')
  worst = Math.max(worst, code ?? 1)
}
await Promise.all(brokers.map(({ broker }) => broker.close()))
rmSync(folder, { recursive: true })
process.exitCode = worst

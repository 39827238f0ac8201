import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'

const execute = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const documents = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']
const folders = ['lib', 'middlewares', 'spec-suite', 'bench']
const shell = process.platform === 'win32'

const dir = mkdtempSync(join(tmpdir(), 'stackmq-pack-'))
t.teardown(() => rmSync(dir, { recursive: true, force: true }))
t.setTimeout(180_000)

async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  // What the test runner puts into the environment is not for others.
  const { NODE_OPTIONS: _, ...env } = process.env
  try {
    return (await execute(command, [...args], { cwd, env, shell })).stdout
  } catch (err) {
    const { stdout, stderr } = err as { stdout: string; stderr: string }
    throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`)
  }
}

/** Built in a copy, so that a build of the tree under test disturbs nobody. */
async function pack(): Promise<{ filename: string; files: Array<{ path: string; mode: number }> }> {
  const source = join(dir, 'source')
  for (const name of [...documents, ...folders, 'tsconfig.json', 'tsconfig.build.json']) {
    cpSync(join(root, name), join(source, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(source, 'node_modules'), 'junction')
  const out = await run('npm', ['pack', '--json', '--silent', '--pack-destination', dir], source)
  return JSON.parse(out.slice(out.indexOf('[')))[0]
}

/** A program of a few lines that answers a raw CONNECT, and ends by itself. */
const program = `
  const broker = createBroker({ onError: err => console.error(err) })
  const [listener] = await broker.listen(0)
  const socket = connect(listener.port)
  socket.write(Buffer.from('100e00044d5154540402000000027231', 'hex'))
  const connack = await new Promise(resolve => socket.once('data', resolve))
  console.log(connack.toString('hex'))
  await broker.close()
  socket.destroy()
  console.log(typeof Router, typeof backendSuite)
`

const esm = `
  import { connect } from 'node:net'
  import { createBroker } from 'stackmq'
  import { Router } from 'stackmq/middlewares'
  import { backendSuite } from 'stackmq/spec-suite'
  ${program}`

const cjs = `
  const { connect } = require('node:net')
  const { createBroker } = require('stackmq')
  const { Router } = require('stackmq/middlewares')
  const { backendSuite } = require('stackmq/spec-suite')
  async function main () { ${program} }
  main()`

const consumer = `
  import { type Callback, type Ctx, createBroker, type Handles, Middleware, type Store } from 'stackmq'
  import { KeepAlive } from 'stackmq/middlewares'
  import { backendSuite } from 'stackmq/spec-suite'

  declare module 'stackmq' {
    interface Callbacks {
      countTaps: Callback<{ topic: string }, { taps: number }>
    }
  }

  export class Tap extends Middleware implements Handles<'countTaps'> {
    countTaps (ctx: Ctx<'countTaps'>, store: Store<'countTaps'>): void {
      store.taps += ctx.topic.length
    }
  }

  export async function use (): Promise<number> {
    await using broker = createBroker({ maximumQoS: 1 })
    broker.use(new Tap(), new KeepAlive({ serverKeepAlive: 5 }), {
      authenticateConnection ({ username }, store) { store.valid = username === 'me' }
    })
    broker.on('publish', ({ packet, matched }) => console.log(packet.topic.length + matched))
    const { taps } = await broker.stack.execute('countTaps', { topic: 'a' }, { taps: 0 })
    // @ts-expect-error: nobody has declared it
    await broker.stack.execute('countTap', { topic: 'a' }, { taps: 0 })
    // @ts-expect-error: no such option
    createBroker({ maximumQos: 1 })
    return taps + backendSuite.length
  }
`

const compilerOptions = {
  ...{ strict: true, noEmit: true, target: 'es2022', lib: ['es2023', 'esnext.disposable'] },
  ...{ module: 'nodenext', types: ['node'], typeRoots: [join(root, 'node_modules', '@types')] }
}

t.test('the package has what its users need, and it works', async t => {
  const { filename, files } = await pack()
  const sources = folders.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.ts') && !file.startsWith('micro'))
      .map(file => `${folder}/${file.replaceAll('\\', '/').slice(0, -3)}`)
  )
  const wanted = [...documents, ...sources.flatMap(file => [`dist/${file}.js`, `dist/${file}.d.ts`])]
  t.same(files.map(({ path }) => path).sort(), wanted.sort(), 'nothing is missing and nothing else is in it')

  const project = join(dir, 'project')
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--omit=dev', '--silent']
  await run('npm', ['install', join('..', filename), ...quiet], project)

  writeFileSync(join(project, 'esm.mjs'), esm)
  writeFileSync(join(project, 'cjs.cjs'), cjs)
  for (const file of ['esm.mjs', 'cjs.cjs']) {
    t.equal(await run(process.execPath, [file], project), '20020000\nfunction function\n', file)
  }

  writeFileSync(join(project, 'consumer.ts'), consumer)
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  t.equal(await run(process.execPath, [tsc, '-p', '.'], project), '', 'its types compile')
  const version = await run(
    process.execPath,
    [join('node_modules', 'stackmq', 'dist/lib/cli/main.js'), '--version'],
    project
  )
  t.match(version, /^\S*\d+\.\d+\.\d+/m, 'its command runs')
})

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../../', import.meta.url)
const at = (path: string) => new URL(path, root)
const rooms = ['lib', 'middlewares', 'spec-suite', 'bench']
const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json']
const lock = '.tap/build.lock'
/** A build takes seconds; a lock that is older was left behind by one that was killed. */
const longestBuild = 120_000

/**
 * Builds dist/ when it is older than a source. Returns the complaints of the compiler, '' when there are none.
 * One at a time: who comes while another builds waits, and finds it fresh.
 */
export function buildIfStale(): string {
  mkdirSync(at('.tap'), { recursive: true })
  for (;;) {
    if (isFresh()) return ''
    if (locked()) break
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
  }
  try {
    return isFresh() ? '' : build()
  } finally {
    rmSync(at(lock), { recursive: true, force: true })
  }
}

/** The new dist/ takes the place of the old one when it is complete: who runs it meanwhile never sees a half. */
function build(): string {
  const [fresh, old] = [`.tap/dist-${process.pid}`, `.tap/old-dist-${process.pid}`]
  const begun = new Date()
  const tsc = fileURLToPath(at('node_modules/typescript/bin/tsc'))
  const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh]
  const { status, stdout, error } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  if (status === 0) {
    // What changes while the compiler works is not in it.
    utimesSync(at(`${fresh}/lib/index.js`), begun, begun)
    if (existsSync(at('dist'))) renameSync(at('dist'), at(old))
    renameSync(at(fresh), at('dist'))
  }
  for (const path of [fresh, old]) rmSync(at(path), { recursive: true, force: true })
  return status === 0 ? '' : stdout || String(error ?? 'tsc failed')
}

function isFresh(): boolean {
  return changedAt('dist/lib/index.js') > newestSource()
}

function newestSource(): number {
  const sources = rooms.flatMap(room =>
    readdirSync(at(room), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => `${room}/${name}`)
  )
  return Math.max(...[...sources, ...settings].map(changedAt))
}

/** Milliseconds; 0 for what does not exist. */
function changedAt(path: string): number {
  return statSync(at(path), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function locked(): boolean {
  try {
    mkdirSync(at(lock))
    return true
  } catch {
    if (Date.now() - changedAt(lock) > longestBuild) rmSync(at(lock), { recursive: true, force: true })
    return false
  }
}

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const cache = new URL('../../.tap/compiled/', import.meta.url)
const version = '1'
let compiler

/** Sources import each other by the name of what they become. */
export function resolve(specifier, context, next) {
  if (/^\.\.?\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts')) {
    const url = new URL(specifier.replace(/js$/, 'ts'), context.parentURL)
    if (existsSync(url)) return { url: url.href, format: 'module', shortCircuit: true }
  }
  return next(specifier, context)
}

export function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts') || url.includes('/node_modules/')) {
    return next(url, context)
  }
  return { format: 'module', source: compiled(url), shortCircuit: true }
}

export const hooks = { resolve, load }

function compiled(url) {
  const source = readFileSync(new URL(url), 'utf8')
  const key = createHash('sha1').update([version, url, source].join('\0')).digest('hex')
  const kept = new URL(`${key}.js`, cache)
  if (existsSync(kept)) return readFileSync(kept, 'utf8')
  const output = compile(source, fileURLToPath(url))
  // Renamed, so that another process never reads a half.
  const fresh = new URL(`${key}.${process.pid}`, cache)
  mkdirSync(cache, { recursive: true })
  writeFileSync(fresh, output)
  renameSync(fresh, kept)
  return output
}

function compile(source, fileName) {
  compiler ??= createRequire(import.meta.url)('typescript')
  const { ScriptTarget, ModuleKind } = compiler
  return compiler.transpileModule(source, {
    fileName,
    compilerOptions: {
      target: ScriptTarget.ES2022,
      module: ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      inlineSourceMap: true,
      inlineSources: true
    }
  }).outputText
}

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from './sources.js'

/**
 * What the compiler says of the examples and of files that are only in memory, by path: as a user's TypeScript would
 * see them, with the built package.
 */
export function typeErrors(inMemory: ReadonlyMap<string, string>): string[] {
  const config = ts.readConfigFile(join(root, 'examples/tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, join(root, 'examples'))
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile } = host
  host.fileExists = path => inMemory.has(path) || fileExists(path)
  host.readFile = path => inMemory.get(path) ?? readFile(path)
  const { getSourceFile } = host
  host.getSourceFile = (path, target, ...rest) => {
    const text = inMemory.get(path)
    return text === undefined ? getSourceFile(path, target, ...rest) : ts.createSourceFile(path, text, target)
  }
  const examples = readdirSync(join(root, 'examples')).filter(name => /\.(mjs|ts)$/.test(name))
  const files = [...examples.map(name => join(root, 'examples', name)), ...inMemory.keys()]
  const program = ts.createProgram(files, { ...options, noEmit: true }, host)
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
    return `${file?.fileName.replace(root, '')}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
}

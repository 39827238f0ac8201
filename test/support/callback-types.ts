import { join } from 'node:path'
import ts from 'typescript'
import { root } from './sources.js'

export interface CallbackFields {
  /** Names of the fields, with `?` behind optional ones. */
  readonly ctx: readonly string[]
  readonly store: readonly string[]
}

/** What every callback of the built-in map gets and fills, as the compiler sees it. */
export function callbackFields(): ReadonlyMap<string, CallbackFields> {
  const { checker, type } = interfaceOf('lib/callbacks.ts', 'Callbacks')
  const fieldsOf = (callback: ts.Type, part: string): string[] => {
    const symbol = callback.getProperty(part)
    if (!symbol) return []
    const fields = checker.getPropertiesOfType(checker.getTypeOfSymbol(symbol))
    return fields.map(({ name, flags }) => (flags & ts.SymbolFlags.Optional ? `${name}?` : name))
  }
  return new Map(
    type.getProperties().map(property => {
      const callback = checker.getTypeOfSymbol(property)
      return [property.name, { ctx: fieldsOf(callback, 'ctx'), store: fieldsOf(callback, 'store') }]
    })
  )
}

/** The names of the members of an interface, inherited ones included. */
export function interfaceFields(path: string, name: string): string[] {
  return interfaceOf(path, name)
    .type.getProperties()
    .map(property => property.name)
}

function interfaceOf(path: string, name: string): { checker: ts.TypeChecker; type: ts.Type } {
  const file = join(root, path)
  const program = ts.createProgram([file], {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: ['node'] },
    ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
    target: ts.ScriptTarget.ES2022
  })
  const checker = program.getTypeChecker()
  const source = checker.getSymbolAtLocation(program.getSourceFile(file)!)!
  const symbol = checker.getExportsOfModule(source).find(one => one.name === name)!
  return { checker, type: checker.getDeclaredTypeOfSymbol(symbol) }
}

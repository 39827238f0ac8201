import { builtInCallbacks, createBroker } from '../../lib/index.js'
import { callbackFields } from './callback-types.js'
import { middlewareFacts } from './middleware-facts.js'
import type { Row } from './readme.js'
import { sources } from './sources.js'

const list = (names: readonly string[] | undefined, none = '–') => (names?.length ? names.join(', ') : none)

/** What the README's table of middlewares has to say, as the code has it. */
export function middlewareRows(): Row[] {
  return middlewareFacts()
    .filter(({ name }) => !isPart(name))
    .map(({ name, instance, handles, executes }) => {
      const stands = [
        ...(instance.after?.length ? [`after ${list(instance.after)}`] : []),
        ...(instance.before?.length ? [`before ${list(instance.before)}`] : [])
      ]
      const handled = instance.handle || instance.finish
      const packets = [...new Set([...(instance.packets ?? []), ...(instance.finishes ?? [])])]
      return {
        Middleware: name,
        Packets: handled ? list(instance.handle && !instance.packets ? [] : packets, 'all') : '–',
        Handles: list(handles),
        Executes: list(executes),
        Stands: list(stands.length ? [stands.join('; ')] : [], 'anywhere')
      }
    })
}

/** Parts of MemoryBackend have a table of their own. */
function isPart(name: string): boolean {
  return /^Memory(?!Backend)/.test(name)
}

/** What the README's tables of callbacks have to say. */
export function callbackRows(): Row[] {
  const fields = callbackFields()
  const facts = middlewareFacts()
  const inOrder = createBroker().stack.middlewares.map(({ name }) => facts.find(fact => fact.name === name)!)
  return builtInCallbacks.map(callback => ({
    Callback: callback,
    ctx: list(fields.get(callback)!.ctx),
    store: list(fields.get(callback)!.store),
    'Handled by': list(inOrder.filter(({ handles }) => handles.includes(callback)).map(({ name }) => name)),
    'Executed by': list([
      ...inOrder.filter(({ executes }) => executes.includes(callback)).map(({ name }) => name),
      ...executedByLib(callback)
    ])
  }))
}

function executedByLib(callback: string): string[] {
  const call = new RegExp(`\\.(execute|chain)\\(\\s*'${callback}'`)
  const executes = (room: RegExp) =>
    sources('lib').some(({ path, text }) => room.test(path) && call.test(text))
  return [
    ...(executes(/^lib\/[^/]+$/) ? ['the stack'] : []),
    ...(executes(/^lib\/(broker|cli)\//) ? ['the broker'] : [])
  ]
}

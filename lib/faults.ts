import { StackError } from './errors.js'

/** What handlers do wrong in settling, in words that name the middleware and say what to do instead. */
export function badReturn(owner: string, title: string, value: unknown): StackError {
  const what =
    typeof value === 'object' || typeof value === 'function'
      ? `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`
      : `${typeof value} ${String(value)}`
  return new StackError(
    'STACK_BAD_RETURN',
    `${owner} handles ${title} and returned ${what}: return nothing to go on, DONE to stop, ` +
      'throw an MqttError to refuse, or declare next and done'
  )
}

export function notSettled(owner: string, title: string): StackError {
  return new StackError(
    'STACK_NOT_SETTLED',
    `${owner} handles ${title} and its promise resolved before it called next() or done(): ` +
      'call one of them on every path'
  )
}

export function settledTwice(owner: string, title: string): StackError {
  return new StackError(
    'STACK_SETTLED_TWICE',
    `${owner} handles ${title} and settled twice: call next() or done() once, and return after it`
  )
}

export function undeclaredNext(): StackError {
  return new StackError(
    'STACK_BAD_RETURN',
    'a handler called next() or done() without declaring them: write both parameters, without defaults or rest, ' +
      'or return (undefined goes on, DONE stops, a throw refuses)'
  )
}

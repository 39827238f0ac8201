import type { AnyOption } from './option.js'

/** A title, and under it the options in two columns. */
export function optionSection(title: string, options: readonly AnyOption[]): string {
  return `${title}\n${options.map(entry).join('')}`
}

/** Two columns: the option, and what it does, wrapped. */
function entry(option: AnyOption): string {
  const { name, value, about, fallback, choices } = option
  const left = `  --${name}${value ? ` ${value}` : ''}`
  const text = [
    `${about}.`,
    ...(choices ? [`One of ${choices.join(', ')}.`] : []),
    ...(fallback ? [`Default: ${fallback}.`] : [])
  ].join(' ')
  const lines = wrapped(text, 64)
  const first = left.length < 34 ? `${left.padEnd(34)}${lines.shift()}\n` : `${left}\n`
  return first + lines.map(line => `${' '.repeat(34)}${line}\n`).join('')
}

/** Lines of at most so many characters, broken between words. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

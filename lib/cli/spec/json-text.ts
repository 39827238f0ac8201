/** A JSON file with line comments, `// like this`, and perhaps a byte order mark. @throws TypeError that says where it is wrong */
export function parseJson(text: string): unknown {
  // As long as before, so that places stay where they are.
  const plain = text
    .replace(/^\uFEFF/, ' ')
    .replace(/("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*/g, (found, string) => string ?? ' '.repeat(found.length))
  try {
    return JSON.parse(plain)
  } catch (err) {
    const { message } = err as Error
    if (message === 'Unexpected end of JSON input') throw new TypeError('is no JSON: it ends too early')
    // Not every message of Node.js has a place; the others quote what is around it.
    const at = Number(/at position (\d+)/.exec(message)?.[1] ?? Number.NaN)
    const what = message.replace(/ in JSON at position.*/s, '').replace(/\s+/g, ' ')
    throw new TypeError(`is no JSON${Number.isNaN(at) ? '' : placeOf(plain.slice(0, at))}: ${what}`)
  }
}

function placeOf(before: string): string {
  return `: line ${before.split('\n').length}, column ${before.length - before.lastIndexOf('\n')}`
}

export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
  text: string
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** A strict reader of the XML that programs write: no comments, no DTD. @throws Error when it is not well-formed */
export function parseXml(xml: string): XmlElement {
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(xml))
    throw new Error('a forbidden character')
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/, '')
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  const token = /<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy
  let at = 0
  for (let match = token.exec(body); match; match = token.exec(body)) {
    at = token.lastIndex
    const [, closing, name = '', attributes = '', empty, text] = match
    const current = open.at(-1)!
    if (text !== undefined) current.text += plain(text)
    else if (closing) {
      if (current.name !== name) throw new Error(`</${name}> closes <${current.name}>`)
      open.pop()
    } else {
      const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [
        key,
        plain(value!)
      ])
      const element = { name, attributes: Object.fromEntries(pairs), children: [], text: '' }
      current.children.push(element)
      if (!empty) open.push(element)
    }
  }
  if (at !== body.length) throw new Error(`not well-formed: ${body.slice(at, at + 80)}`)
  if (open.length !== 1 || root.children.length !== 1 || root.text.trim())
    throw new Error('not one whole element')
  return root.children[0]!
}

function plain(text: string): string {
  if (/&(?!(amp|lt|gt|quot|apos|#\d+);)/.test(text)) throw new Error(`a bare & in ${text}`)
  return text.replace(/&(?:#(\d+)|(\w+));/g, (_, code, name) =>
    code ? String.fromCodePoint(+code) : entities[name]!
  )
}

/** Elements of a name, at any depth, in order. */
export function elements(root: XmlElement, name: string): XmlElement[] {
  return root.children.flatMap(one => [...(one.name === name ? [one] : []), ...elements(one, name)])
}

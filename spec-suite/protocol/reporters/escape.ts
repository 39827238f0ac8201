const entities: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
  ...{ '\n': '&#10;', '\r': '&#13;', '\t': '&#9;' }
}

/** For attributes of XML, which would lose line breaks. */
export function escapeAttribute(text: string): string {
  return allowed(text).replace(/[&<>"'\r\t\n]/g, found => entities[found]!)
}

/** For texts of XML, and for HTML. What neither can hold at all becomes U+FFFD. */
export function escapeText(text: string): string {
  return allowed(text).replace(/[&<>"']/g, found => entities[found]!)
}

function allowed(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}

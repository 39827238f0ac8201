import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

function file(name: string): string {
  return fileURLToPath(new URL(`./certs/${name}`, import.meta.url))
}

function pair(name: string): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(file(`${name}.pem`)), key: readFileSync(file(`${name}.key`)) }
}

export const caFile = file('ca.pem')
export const ca = readFileSync(caFile)
/** localhost, 127.0.0.1, ::1 */
export const server = pair('server')
/** CN sensor-1, of the same CA. */
export const client = pair('client')
/** CN stranger, of a CA nobody trusts. */
export const stranger = pair('stranger')
export const clientFiles = { cert: file('client.pem'), key: file('client.key') }

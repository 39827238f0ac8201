import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { TlsOptions } from 'node:tls'
import { failure } from './command-error.js'
import type { TlsFiles, UserSettings } from './settings.js'

export interface ClientTlsFiles {
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly ca?: string | undefined
}

/** Reads what the options name, and says of each file what is wrong with it. */
export class Files {
  readonly #problems: string[] = []

  /** Certificate, key and authorities; null when something is wrong with them. */
  tls({ cert, key, ca, requireClientCert }: TlsFiles): TlsOptions | null {
    const pair = this.#pair(cert, key)
    const caText = ca === undefined ? undefined : this.#authorities(ca)
    return (
      pair && {
        ...{ ...pair, requestCert: caText !== undefined },
        ...(caText !== undefined && { ca: caText, rejectUnauthorized: requireClientCert })
      }
    )
  }

  /** The same for a client, which may have none of them. */
  clientTls({ cert, key, ca }: ClientTlsFiles): { ca?: string; cert?: string; key?: string } {
    const caText = ca === undefined ? undefined : this.#authorities(ca)
    const pair = cert === undefined || key === undefined ? null : this.#pair(cert, key)
    return { ...pair, ...(caText !== undefined && { ca: caText }) }
  }

  /** Any text file. */
  text(option: string, path: string): string {
    return this.#read(option, path)
  }

  /** Everything that is wrong so far. */
  get problems(): readonly string[] {
    return this.#problems
  }

  password({ password, passwordFile }: Pick<UserSettings, 'password' | 'passwordFile'>): string {
    if (passwordFile === undefined) return password!
    return this.#read('--password-file', passwordFile).replace(/\r?\n$/, '')
  }

  /** @throws CommandError with everything that is wrong */
  check(): void {
    if (this.#problems.length > 0) throw failure(this.#problems)
  }

  #pair(cert: string, key: string): { cert: string; key: string } | null {
    const [certText, keyText] = [this.#read('--tls-cert', cert), this.#read('--tls-key', key)]
    const certificate = this.#certificate('--tls-cert', cert, certText)
    const privateKey = this.#privateKey(key, keyText)
    if (!certificate || !privateKey) return null
    if (!certificate.checkPrivateKey(privateKey)) {
      this.#problems.push(`--tls-key ${key} is not the key of --tls-cert ${cert}`)
    }
    return { cert: certText, key: keyText }
  }

  #authorities(path: string): string {
    const text = this.#read('--tls-ca', path)
    this.#certificate('--tls-ca', path, text)
    return text
  }

  /** '' when it cannot be read. */
  #read(option: string, path: string): string {
    try {
      const text = readFileSync(path, 'utf8')
      if (text.trim() === '') this.#problems.push(`${option} ${path} is empty`)
      return text
    } catch (err) {
      this.#problems.push(`${option} ${path} ${reasonOf(err as NodeJS.ErrnoException)}`)
      return ''
    }
  }

  #certificate(option: string, path: string, text: string): X509Certificate | null {
    if (text.trim() === '') return null
    try {
      return new X509Certificate(text)
    } catch {
      this.#problems.push(`${option} ${path} is no certificate in PEM form`)
      return null
    }
  }

  #privateKey(path: string, text: string) {
    if (text.trim() === '') return null
    try {
      return createPrivateKey(text)
    } catch (err) {
      const locked = /passphrase|bad decrypt|interrupted or cancelled/i.test((err as Error).message)
      this.#problems.push(
        `--tls-key ${path} ${locked ? 'needs a passphrase: give a key without one' : 'is no private key in PEM form'}`
      )
      return null
    }
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'does not exist'
  if (code === 'EACCES') return 'may not be read by this user'
  if (code === 'EISDIR') return 'is a folder'
  return `cannot be read: ${message}`
}

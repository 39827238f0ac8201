import t from 'tap'
import { CommandError } from '../../../lib/cli/command-error.js'
import { Files } from '../../../lib/cli/files.js'
import { ca, caFile, client, clientFiles, server } from '../../support/certs.js'

const here = t.testdir({
  'server.pem': server.cert,
  'server.key': server.key,
  'text.pem': 'hello',
  empty: '',
  password: 'geheim \n',
  folder: {}
})
const at = (name: string) => `${here}/${name}`
const good = { cert: at('server.pem'), key: at('server.key'), ca: undefined, requireClientCert: false }

/** What check() complains about. */
function problemsOf(read: (files: Files) => void): readonly string[] {
  const files = new Files()
  read(files)
  try {
    files.check()
    return []
  } catch (err) {
    if (err instanceof CommandError && err.code === 1) return err.lines
    throw err
  }
}

t.test('reads certificate and key', async t => {
  const files = new Files()
  t.same(files.tls(good), { cert: String(server.cert), key: String(server.key), requestCert: false })
  t.same(files.tls({ ...good, ca: caFile }), {
    ...{ cert: String(server.cert), key: String(server.key), requestCert: true },
    ...{ ca: String(ca), rejectUnauthorized: false }
  })
  t.match(files.tls({ ...good, ca: caFile, requireClientCert: true }), { rejectUnauthorized: true })
  t.doesNotThrow(() => files.check())
})

t.test('says of each file what is wrong with it', async t => {
  const read = (files: Files) =>
    files.tls({ cert: at('nowhere'), key: at('folder'), ca: at('text.pem'), requireClientCert: false })
  t.same(problemsOf(read), [
    `--tls-cert ${at('nowhere')} does not exist`,
    `--tls-key ${at('folder')} is a folder`,
    `--tls-ca ${at('text.pem')} is no certificate in PEM form`
  ])
  t.same(
    problemsOf(files => files.tls({ ...good, cert: at('text.pem'), key: at('text.pem') })),
    [
      `--tls-cert ${at('text.pem')} is no certificate in PEM form`,
      `--tls-key ${at('text.pem')} is no private key in PEM form`
    ]
  )
  t.same(
    problemsOf(files => files.tls({ ...good, cert: at('empty') })),
    [`--tls-cert ${at('empty')} is empty`]
  )
})

t.test('a key that is not that of the certificate is found', async t => {
  t.ok(client.key.length > 0)
  t.same(
    problemsOf(files => files.tls({ ...good, key: clientFiles.key })),
    [`--tls-key ${clientFiles.key} is not the key of --tls-cert ${good.cert}`]
  )
})

t.test('a key with a passphrase cannot be used, and is told apart from no key', async t => {
  const { createPrivateKey } = await import('node:crypto')
  const locked = createPrivateKey(server.key).export({
    ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }
  } as never)
  const dir = t.testdir({ 'locked.key': locked })
  t.same(
    problemsOf(files => files.tls({ ...good, key: `${dir}/locked.key` })),
    [`--tls-key ${dir}/locked.key needs a passphrase: give a key without one`]
  )
})

t.test('a password comes from the option or from a file without its last line break', async t => {
  const files = new Files()
  const user = { name: 'ada', password: undefined, passwordFile: undefined }
  t.equal(files.password({ ...user, password: 'x\n' }), 'x\n')
  t.equal(files.password({ ...user, passwordFile: at('password') }), 'geheim ')
  t.same(
    problemsOf(f => f.password({ ...user, passwordFile: at('no') })),
    [`--password-file ${at('no')} does not exist`]
  )
  t.same(
    problemsOf(f => f.password({ ...user, passwordFile: at('empty') })),
    [`--password-file ${at('empty')} is empty`]
  )
})

import { once } from 'node:events'
import net from 'node:net'
import t from 'tap'
import { startHelp } from '../../../lib/cli/help.js'
import { server } from '../../support/certs.js'
import { Command, ran } from './command.js'

const dir = t.testdir({ 'server.pem': server.cert, 'server.key': server.key, 'bad.pem': 'hello' })

t.test('what was typed wrongly: a line for each problem on stderr, exit code 2', async t => {
  t.same(await ran(['start', '--prot', '1', '--max-qos', '7'], { env: { STACKMQ_WS_PORT: 'x' } }), {
    code: 2,
    stdout: '',
    stderr:
      "stackmq: unknown option '--prot': did you mean --port?\n" +
      "stackmq: --max-qos is '7': give an integer from 0 to 2\n" +
      "stackmq: STACKMQ_WS_PORT is 'x': give an integer from 0 to 65535\n"
  })
  t.same(await ran(['strat']), {
    ...{ code: 2, stdout: '', stderr: "stackmq: unknown command 'strat': did you mean stackmq start?\n" }
  })
})

t.test('an address for others without a password: one line that says what to do', async t => {
  const { code, stderr, stdout } = await ran(['start', '--port', '0', '--host', '0.0.0.0'])
  t.same({ code, stdout }, { code: 2, stdout: '' })
  t.match(stderr, /^stackmq: --host 0\.0\.0\.0 is open .* --allow-anonymous to let everybody in\n$/)
})

t.test('an address for others that everybody may use', async t => {
  const command = new Command(['start', '--port', '0', '--host', '0.0.0.0', '--allow-anonymous'])
  await command.next('listening on mqtt://0.0.0.0:')
  await command.next('ready')
  t.equal(await command.stop(), 0)
})

t.test('what cannot be done: one line on stderr, exit code 1', async t => {
  const taken = net.createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const { port } = taken.address() as net.AddressInfo
  const tls = (cert: string, key: string) => ['--tls-port', '0', '--tls-cert', cert, '--tls-key', key]
  const [cert, key] = [`${dir}/server.pem`, `${dir}/server.key`]
  const cases: Array<[string[], string]> = [
    [
      ['--port', `${port}`],
      `cannot listen: 127.0.0.1, port ${port} is taken: another program listens there; stop it or choose another port`
    ],
    [
      ['--port', '0', '--unix', `${dir}/no/s`],
      `cannot listen: ${dir}/no/s cannot be made: its folder does not exist`
    ],
    [tls('/no/cert', key), '--tls-cert /no/cert does not exist'],
    [tls(`${dir}/bad.pem`, key), `--tls-cert ${dir}/bad.pem is no certificate in PEM form`],
    [tls(cert, cert), `--tls-key ${cert} is no private key in PEM form`],
    [['--username', 'a', '--password-file', '/no/file'], '--password-file /no/file does not exist']
  ]
  for (const [args, text] of cases) {
    const { code, stdout, stderr } = await ran(['start', ...args])
    t.same({ code, stdout, stderr }, { code: 1, stdout: '', stderr: `stackmq: ${text}\n` })
  }
})

t.test('help and version go to standard output, exit code 0', async t => {
  t.same(await ran(['help', 'start']), { code: 0, stdout: startHelp(), stderr: '' })
  t.match(await ran(['--version']), { code: 0, stdout: /^\d+\.\d+\.\d+\n$/, stderr: '' })
})

t.test('a reader of the help that goes away is no error', async t => {
  const command = new Command(['start', '--help'])
  command.child.stdout!.destroy()
  t.equal(await command.exited, 0)
  t.equal(command.stderr, '')
})

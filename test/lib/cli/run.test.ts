import { readFileSync } from 'node:fs'
import t from 'tap'
import { generalHelp, startHelp } from '../../../lib/cli/help.js'
import { run } from '../../../lib/cli/run.js'
import { FakeProcess } from './fake-process.js'

async function ran(line: string, env: Record<string, string> = {}) {
  const own = new FakeProcess(env)
  const code = await run(line.split(' ').filter(Boolean), own)
  return { code, printed: own.printed, complaints: own.complaints }
}
const usage = (complaints: string) => ({ code: 2, printed: '', complaints: `stackmq: ${complaints}\n` })

t.test('prints its version', async t => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
  for (const line of ['--version', '-v'])
    t.same(await ran(line), { code: 0, printed: `${version}\n`, complaints: '' })
})

t.test('prints help, of itself and of start', async t => {
  for (const line of ['--help', '-h', 'help', 'help help']) {
    t.same(await ran(line), { code: 0, printed: generalHelp, complaints: '' }, line)
  }
  for (const line of ['start --help', 'start -h', 'help start', 'start --max-qos 9 --help']) {
    t.same(await ran(line), { code: 0, printed: startHelp(), complaints: '' }, line)
  }
})

t.test('without a command it shows its help, and that this was wrong', async t => {
  t.same(await ran(''), { code: 2, printed: '', complaints: generalHelp })
})

t.test('an unknown command is one clear line with exit code 2', async t => {
  t.same(await ran('strat'), usage("unknown command 'strat': did you mean stackmq start?"))
  t.same(await ran('serve'), usage("unknown command 'serve': see stackmq --help"))
  t.same(await ran('help strat'), usage("unknown command 'strat': did you mean stackmq start?"))
  t.same(await ran('--versoin'), usage("unknown option '--versoin': did you mean --version?"))
  t.same(await ran('--quick'), usage("unknown option '--quick': see stackmq --help"))
  t.same(await ran('--port=1'), usage("'--port=1' is an option of start: stackmq start --port=1"))
})

t.test('wrong options of start are one line each, with exit code 2', async t => {
  t.same(
    await ran('start --prot 1 --max-qos 3 --host 0.0.0.0', { STACKMQ_LOG_FORMAT: 'xml' }),
    usage(
      "unknown option '--prot': did you mean --port?\n" +
        "stackmq: --max-qos is '3': give an integer from 0 to 2\n" +
        "stackmq: STACKMQ_LOG_FORMAT is 'xml': give pretty or json\n" +
        'stackmq: --host 0.0.0.0 is open to other machines and nobody needs a password there: ' +
        'add --username and --password-file, or --allow-anonymous to let everybody in'
    )
  )
})

t.test('files that cannot be used are exit code 1', async t => {
  t.same(await ran('start --tls-port 0 --tls-cert /no/c --tls-key /no/k'), {
    ...{ code: 1, printed: '' },
    complaints: 'stackmq: --tls-cert /no/c does not exist\nstackmq: --tls-key /no/k does not exist\n'
  })
})

t.test('a fault of its own is not dressed up', async t => {
  const own = new FakeProcess()
  own.print = async () => {
    throw new TypeError('boom')
  }
  await t.rejects(run(['--help'], own), { name: 'TypeError' })
})

import t from 'tap'
import { Progress } from '../../../../lib/cli/spec/progress.js'
import { failed, mqtt, result, smallReport } from '../../../support/suite-report.js'
import { FakeProcess } from '../fake-process.js'

const bad = result('5.0:bad', ['3.8.4-5'], 'failed', { failure: failed(['3.8.4-5']) })

function clocked(own: FakeProcess, printed: boolean) {
  let [now, tick] = [0, () => {}]
  const clock = {
    now: () => now,
    every: (_: number, run: () => void) => {
      tick = run
      return () => {
        tick = () => {}
      }
    }
  }
  const progress = new Progress(own, printed, clock)
  progress.begin(smallReport({ planned: 40 }))
  const at = (seconds: number) => {
    now = seconds * 1000
    tick()
  }
  return { progress, at }
}

t.test('a pipe gets a line after two seconds, and then now and then', async t => {
  const own = new FakeProcess()
  const { progress, at } = clocked(own, true)
  at(1.9)
  t.equal(own.complaints, '')
  progress.result(result('5.0:good', ['3.8.4-8'], 'passed'), 1)
  at(2)
  t.equal(own.complaints, 'mqtt://localhost:1: 1 of 40 cases, 2 s, 39 to go\n')
  at(11)
  progress.result(bad, 2)
  at(12)
  t.match(own.complaints, /\nmqtt:\/\/localhost:1: 2 of 40 cases, 1 failed, 12 s, 38 to go\n$/)
  t.equal(own.complaints.split('\n').length, 3)
  progress.end()
  at(99)
  t.equal(own.complaints.split('\n').length, 3)
})

t.test('a terminal gets one line that is written over', async t => {
  const own = new FakeProcess({}, true)
  const { progress, at } = clocked(own, true)
  at(0.25)
  t.equal(own.complaints, '\r\x1b[2Kmqtt://localhost:1: 0 of 40 cases, 0 s, 40 to go')
  progress.result(bad, 1)
  t.ok(own.complaints.endsWith('to go\r\x1b[2K'), 'it is taken away before a failure is printed')
  t.ok(
    own.printed.startsWith(`\x1b[31m✖\x1b[0m 5.0:bad: what bad is about [${mqtt('3.8.4-5')}]: expected a `)
  )
  t.ok(own.printed.endsWith(', but it was b\n'))
  progress.end()
})

t.test('where two brokers are judged, a failure says on which', async t => {
  const own = new FakeProcess()
  const progress = new Progress(own, true, undefined, true)
  progress.begin(smallReport({ planned: 40 }))
  progress.result(bad, 1)
  progress.end()
  t.match(own.printed, /^✖ mqtt:\/\/localhost:1 5\.0:bad: what bad is about/)
})

t.test('failures keep out of a report for programs', async t => {
  const own = new FakeProcess()
  const { progress } = clocked(own, false)
  progress.result(bad, 1)
  t.equal(own.printed, '')
  t.match(own.complaints, /^✖ 5\.0:bad: /)
  progress.end()
})

t.test('on a narrow terminal the line stays one line', async t => {
  const own = new FakeProcess({}, true)
  own.errorColumns = 30
  const { progress, at } = clocked(own, true)
  at(0.25)
  t.equal(own.complaints, '\r\x1b[2K 0 of 40 cases, 0 s, 40 to go')
  progress.end()
})

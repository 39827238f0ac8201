// A test file as a user of tap writes it: URL of the broker, cases, known failures as JSON.

import { protocolSuite } from 'stackmq/spec-suite'
import t from 'tap'

const [target, only, more] = process.env.SUITE.split(' ')
protocolSuite({
  test: (name, body) => t.test(name, body),
  target,
  only: only.split(','),
  ...JSON.parse(more)
})

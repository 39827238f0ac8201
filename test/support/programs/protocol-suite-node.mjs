// A test file as a user of node:test writes it: URL of the broker, cases, known failures as JSON.
import test from 'node:test'
import { protocolSuite } from 'stackmq/spec-suite'

const [target, only, more] = process.env.SUITE.split(' ')
protocolSuite({ test, target, only: only.split(','), ...JSON.parse(more) })

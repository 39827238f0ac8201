import t from 'tap'
import { ownSuite } from '../support/own-suite.js'

t.test('our broker passes every case of the suite over WebSocket', t => ownSuite(t, 'ws'))

import t from 'tap'
import { NEVER, Session } from '../../../lib/index.js'

t.test('a session that outlives its connection is persistent', async t => {
  const session = new Session('id')
  t.match(session, { id: 'id', client: null, ready: false, ended: false, expiresAt: 0 })
  t.equal(session.persistent, false)
  session.expiryInterval = 1
  t.equal(session.persistent, true)
  session.expiryInterval = NEVER
  t.equal(session.persistent, true)
  t.equal(NEVER, 0xffff_ffff)
})

import t from 'tap'
import { oneUser } from '../../../lib/cli/authenticator.js'
import { type BrokerOptions, createBroker } from '../../../lib/index.js'
import { Peer } from '../../support/peer.js'

/** The reason code of the CONNACK. */
async function answer(options: BrokerOptions, credentials: object, local = true): Promise<number> {
  await using broker = createBroker(options).use(oneUser('ada', 'sécret'))
  await broker.start()
  const peer = new Peer(broker.stack, 5, { local })
  const { reasonCode } = await peer.connect(credentials)
  return reasonCode!
}
const password = Buffer.from('sécret')

t.test('lets in the user with the password, from anywhere', async t => {
  t.equal(await answer({}, { username: 'ada', password }), 0)
  t.equal(await answer({}, { username: 'ada', password }, false), 0)
})

t.test('refuses everybody else with 0x86 [5.0 MQTT-3.1.4-2]', async t => {
  const wrong = [
    { username: 'ada', password: Buffer.from('secret') },
    { username: 'ada', password: Buffer.from('sécret2') },
    { username: 'ada', password: Buffer.alloc(0) },
    { username: 'Ada', password },
    { username: '', password },
    { username: 'ada' }
  ]
  for (const credentials of wrong) t.equal(await answer({}, credentials), 0x86, JSON.stringify(credentials))
})

t.test('clients that say neither need --allow-anonymous, also on this machine', async t => {
  t.equal(await answer({}, {}), 0x87)
  t.equal(await answer({ allowAnonymous: true }, {}), 0)
  t.equal(await answer({ allowAnonymous: true }, { username: 'ada', password: Buffer.from('x') }), 0x86)
})

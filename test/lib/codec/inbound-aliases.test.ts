import t from 'tap'
import { InboundAliases } from '../../../lib/codec/inbound-aliases.js'
import { MqttError } from '../../../lib/errors.js'
import { TopicTable } from '../../../lib/topics/index.js'

t.test('an alias stands for the topic it came with last [5.0 MQTT-3.3.2-12]', async t => {
  const topics = new TopicTable(1)
  const [a, b] = [topics.of('a'), topics.of('b')]
  const aliases = new InboundAliases(2)
  t.equal(aliases.resolve(1, null), null, 'not set up')
  t.equal(aliases.resolve(1, a), a)
  t.equal(aliases.resolve(2, b), b)
  t.equal(aliases.resolve(1, null), a)
  t.equal(aliases.resolve(1, b), b)
  t.equal(aliases.resolve(1, null), b)
  t.equal(aliases.resolve(2, null), b)
})

t.test('an alias above the maximum is refused and ends the connection [5.0 MQTT-3.3.2-9]', async t => {
  const aliases = new InboundAliases(2)
  for (const alias of [3, 65_535]) {
    try {
      aliases.resolve(alias, null)
      t.fail('it was taken')
    } catch (err) {
      t.ok(err instanceof MqttError && err.fatal)
      t.equal((err as MqttError).reasonName, 'TopicAliasInvalid')
    }
  }
})

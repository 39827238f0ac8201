import t from 'tap'
import { connect, type Example, nextMessage, portOf, runExample } from '../support/example.js'

t.test('metrics: numbers for Prometheus, and a topic of the server', async t => {
  const example = await runExample<Example & { report: () => Promise<void> }>(t, 'metrics')
  const client = await connect(t, example)
  await client.publishAsync('a', '1', { qos: 1 })
  await client.publishAsync('a', '2', { qos: 1 })
  const response = await fetch(`http://localhost:${portOf({ server: example.server })}/metrics`)
  t.match(response.headers.get('content-type'), 'text/plain')
  const text = await response.text()
  t.match(text, /^mqtt_messages_received_total 2$/m)
  t.match(text, /^mqtt_clients_connected 1$/m)
  t.match(text, /^(\w+(\{[^}]*\})? \d+\n)+$/, 'every line is a metric')
  const message = nextMessage(client)
  await client.subscribeAsync('$SYS/#')
  await example.report()
  t.equal(await message, '$SYS/clients 1')
})

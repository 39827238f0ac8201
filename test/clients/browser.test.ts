import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { createBroker } from '../../lib/index.js'
import { hasBrowser, launchBrowser } from '../support/chromium.js'

const bundle = createRequire(import.meta.url).resolve('mqtt/dist/mqtt.min')

const page = `<!doctype html><title>mqtt</title><link rel=icon href=data:,><script src=/mqtt.min.js></script><script>
  window.heard = []
  const url = 'ws://' + location.host + '/mqtt'
  window.client = mqtt.connect(url, { protocolVersion: 5, clientId: 'page', reconnectPeriod: 0 })
  client.on('message', (topic, payload, packet) => heard.push(topic + ' ' + packet.qos + ' ' + payload))
</script>`

async function inBrowser(t: Test): Promise<void> {
  const server = createServer((request, response) => {
    const script = request.url === '/mqtt.min.js'
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html')
    response.end(script ? readFileSync(bundle) : page)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  await using broker = createBroker()
  await broker.start()
  broker.attach(server)
  const browser = await launchBrowser()
  t.teardown(async () => {
    await browser.close()
    server.close()
    server.closeAllConnections()
  })
  const tab = await browser.newPage()
  const faults: string[] = []
  tab.on('pageerror', err => faults.push(err.message))
  await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await tab.waitForFunction('client.connected')
  t.match(broker.clients.get('page')!.info, { transport: 'ws', local: true })

  const fromPage: string[] = []
  await broker.subscribe('from/page', packet => fromPage.push(`${packet.qos} ${packet.payload}`))
  await tab.evaluate("client.subscribeAsync('to/page', { qos: 2 })")
  for (const qos of [0, 1, 2] as const) {
    await broker.publish('to/page', `hello ${qos}`, { qos })
    await tab.evaluate(`client.publishAsync('from/page', 'hello ${qos}', { qos: ${qos} })`)
  }
  await tab.waitForFunction('heard.length === 3')
  t.same(await tab.evaluate('heard'), ['to/page 0 hello 0', 'to/page 1 hello 1', 'to/page 2 hello 2'])
  t.same(fromPage, ['0 hello 0', '1 hello 1', '2 hello 2'])

  await tab.evaluate("client.subscribeAsync('big', { qos: 1 })")
  const big = 'ü'.repeat(500_000)
  await broker.publish('big', big, { qos: 1 })
  await tab.waitForFunction('heard.length === 4')
  t.equal(await tab.evaluate('heard[3].length'), 'big 1 '.length + big.length)

  await broker.close()
  await tab.waitForFunction('!client.connected')
  t.same(faults, [])
}

if (hasBrowser) t.test('a page in a browser talks MQTT over the HTTP server that served it', inBrowser)
else t.comment('there is no Chromium here: the test with a real browser is left out')

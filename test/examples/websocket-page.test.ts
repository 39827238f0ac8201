import { existsSync } from 'node:fs'
import mqtt from 'mqtt'
import { chromium } from 'playwright-core'
import t from 'tap'
import { portOf, runExample } from '../support/example.js'

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

t.test('websocket-page: a page and MQTT on one port', async t => {
  const { broker, server } = await runExample(t, 'websocket-page')
  const origin = `localhost:${portOf({ server })}`

  await t.test('the port has the page, its script, and MQTT', async t => {
    const page = await fetch(`http://${origin}/`)
    t.equal(page.status, 200)
    t.match(await page.text(), '<script src="/mqtt.js">')
    t.match(await (await fetch(`http://${origin}/mqtt.js`)).text(), 'protocolVersion')
    t.equal((await fetch(`http://${origin}/other`)).status, 404)
    const client = await mqtt.connectAsync(`ws://${origin}/mqtt`, { reconnectPeriod: 0 })
    t.equal(broker.clients.size, 1)
    await client.endAsync()
  })

  // Where there is a browser: Debian's package is enough.
  if (!browser) return
  await t.test('the page works in a real browser', async t => {
    const chrome = await chromium.launch({ executablePath: browser, args: ['--no-sandbox'] })
    t.teardown(() => chrome.close())
    const page = await chrome.newPage()
    await page.goto(`http://${origin}/`)
    await page.waitForFunction("document.title === 'connected'")
    await broker.publish('page/news', 'from the server')
    await page.getByText('page/news: from the server').waitFor()
    const sent = new Promise(resolve =>
      broker.on('publish', ({ client, packet }) => {
        if (client) resolve(`${packet.topic} ${packet.payload}`)
      })
    )
    await page.getByPlaceholder('Say something').fill('<b>hello</b>')
    await page.getByRole('button').click()
    t.equal(await sent, 'page/chat <b>hello</b>')
    await page.getByText('page/chat: <b>hello</b>').waitFor()
    t.equal(await page.locator('li').count(), 2)
  })
})

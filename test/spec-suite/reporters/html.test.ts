import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { reporters } from '../../../spec-suite/index.js'
import { hasBrowser, launchBrowser } from '../../support/chromium.js'
import { mqtt, smallComparison, smallReport } from '../../support/suite-report.js'

const html = reporters.html({ report: smallReport(), comparison: smallComparison() })

t.test('one page that loads nothing, and in which everything is escaped', async t => {
  t.match(html, /^<!doctype html>\n/)
  t.notMatch(html, /\b(src|href)="(?!#|data:,)/)
  t.notMatch(html, /@import|url\(/)
  t.notMatch(html, '<script>alert')
  t.match(html, '&lt;script&gt;alert(&quot;1 &amp; 2&quot;)')
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  t.equal(new Set(ids).size, ids.length, 'ids are unique')
  const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
  t.ok(links.length > 3)
  t.same(
    links.filter(id => !ids.includes(id)),
    [],
    'links lead somewhere'
  )
})

async function opened(t: Test, browser: Browser, javaScriptEnabled: boolean): Promise<Page> {
  const path = join(t.testdir(), 'report.html')
  writeFileSync(path, html)
  t.equal(readFileSync(path, 'utf8'), html)
  const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 1000, height: 800 } })
  const page = await context.newPage()
  const foreign: string[] = []
  page.on('request', request => foreign.push(request.url()))
  page.on('pageerror', err => t.fail(err.message))
  page.on('dialog', dialog => t.fail(`it said ${dialog.message()}`))
  await page.goto(pathToFileURL(path).href)
  t.same(
    foreign.filter(url => !url.startsWith('file:') && !url.startsWith('data:')),
    []
  )
  return page
}

const numbers = (page: Page) => page.locator('.statement:visible .number').allTextContents()

async function inBrowser(t: Test): Promise<void> {
  const browser = await launchBrowser()
  t.teardown(() => browser.close())

  await t.test('filters by state, version and words', async t => {
    const page = await opened(t, browser, true)
    t.equal((await numbers(page)).length, 392)
    await page.locator('#filters span', { hasText: /^failed$/ }).click()
    t.same(await numbers(page), ['1.5.4-2', '3.8.4-5'])
    await page.locator('#filters span', { hasText: /^3\.1\.1$/ }).click()
    t.same(await numbers(page), [])
    t.ok(await page.locator('#nothing').isVisible())
    await page.locator('#filters span', { hasText: /^all$/ }).click()
    t.equal((await numbers(page)).length, 141)
    await page.locator('#words').fill('3.8.4-6')
    t.same(await numbers(page), ['3.8.4-6'])
    t.equal(await page.locator('.chapter:visible').count(), 1, 'chapters without a statement go')
  })

  await t.test('a link unfolds the case, whatever is filtered', async t => {
    const page = await opened(t, browser, true)
    const article = page.locator('[id="case-5.0:bad"]')
    t.notOk(await article.isVisible())
    await page.locator('#filters span', { hasText: /^passed$/ }).click()
    await page.locator('.failed-cases a').first().click()
    await article.waitFor({ state: 'visible' })
    t.match(await article.locator('.came').allTextContents(), ['it was b', 'a NUL came'])
    const breach = article.locator('.breach')
    t.notOk(await breach.isVisible(), 'the dialogue is folded')
    await article.locator('summary').click()
    t.ok(await breach.isVisible())
    t.match(await breach.textContent(), 'BREACH: expected a, but b')
  })

  await t.test('works without script', async t => {
    const page = await opened(t, browser, false)
    t.notOk(await page.locator('#filters').isVisible())
    t.equal(await page.locator('.statement').count(), 392)
    const statement = page.locator(`[id="v5.0-${mqtt('3.8.4-8')}"]`)
    await statement.locator('summary').first().click()
    t.ok(await statement.locator('article').isVisible())
  })

  await t.test('is dark where that is wanted, and not wider than a phone', async t => {
    const page = await opened(t, browser, true)
    const back = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    const light = await back()
    await page.emulateMedia({ colorScheme: 'dark' })
    t.not(await back(), light)
    await page.setViewportSize({ width: 360, height: 700 })
    t.ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= 360)
  })
}

if (hasBrowser) t.test('in a browser', inBrowser)
else t.comment('there is no Chromium here: the test with a real browser is left out')

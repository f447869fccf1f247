import { readFileSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import folder from '../../plugins/folder/index.ts'
import gallery from '../../plugins/gallery/index.ts'
import { World } from '../../src/simulator/world.ts'
import { type AtHome, accountAtHome } from '../plugins/account-at-home.ts'
import { manyPictures } from '../plugins/many-pictures.ts'
import { noBrowser, openBrowser, watchedPage } from './chromium.ts'
import { start } from './program.ts'

if (noBrowser !== undefined) console.info(`The gallery in a browser is skipped: ${noBrowser}`)

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Names of every kind that a disk takes and an address must not be confused by. */
const hostileNames = [
  '100% #1?.JPG',
  'a%20b.JPG',
  'été 🌅.JPG',
  'שלום.JPG',
  'a&b"c\'d.JPG',
  'x;=+~^`.JPG',
  '<b>bold</b>.JPG',
  'a:b.JPG',
]

function family(): World {
  const world = new World()
  const travel = world.addFolder({ name: 'Travel & #more' })
  const rome = world.addAlbum({
    name: 'Rome 100%?',
    in: travel,
    description: 'Walks in <b>May</b><script>alert(1)</script>',
  })
  world.addImage(rome, {
    fileName: 'IMG_1.JPG',
    title: 'Forum',
    caption: 'Tom &amp; <a href="javascript:alert(1)">Ana</a> <img src=x onerror=alert(1)>',
    keywords: ['ruins', 'Città'],
    capturedAt: '2019-05-01T10:00:01',
    gps: { latitude: -33.8568, longitude: 70.6, altitude: 5 },
  })
  for (const [index, fileName] of hostileNames.entries())
    world.addImage(rome, {
      fileName,
      capturedAt: '2019-05-02T10:00:01',
      ...(index === 0 && { title: 'Große Straße' }),
    })
  world.addVideo(rome, { fileName: 'Fountain.MOV', capturedAt: '2021-07-01T09:00:00' })
  const own = world.addAlbum({ name: 'אלבום', privacy: 'Private' })
  world.addImage(own, { fileName: 'hidden.jpg', hidden: true, caption: '<3 you, a < b & c > d' })
  world.addAlbum({ name: 'Empty' })
  return world
}

describe.skipIf(noBrowser !== undefined)('a gallery opened from the disk', () => {
  let browser: Browser
  let home: AtHome
  const address = (path: string) => pathToFileURL(join(home.output, path)).href

  beforeAll(async () => {
    browser = await openBrowser()
    home = await accountAtHome(family())
    const { summary } = await home.run([folder, gallery])
    expect(summary?.failed).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await home?.[Symbol.asyncDispose]()
  })

  async function album(page: Page, name: string): Promise<void> {
    await page.goto(address('index.html'))
    await page.getByRole('link', { name }).first().click()
    await page.waitForURL(/gallery\/a\//)
  }

  test('shows the account, an album and all pictures by date without a word of complaint or a request to anybody', async () => {
    const { page, complaints } = await watchedPage(browser)
    await album(page, 'Rome')
    expect(await page.locator('h1').textContent()).toBe('Rome 100%?')
    expect(await page.locator('ul.grid > li').count()).toBe(hostileNames.length + 2)
    await page.goto(address('gallery/dates.html'))
    await page.locator('#timeline li a').first().waitFor()
    expect(await page.locator('nav.years a').allTextContents()).toEqual(['2021', '2019', 'Undated'])
    expect(complaints).toEqual([])
    await page.close()
  })

  test('every picture leads to its file, whatever its name', async () => {
    const { page, complaints } = await watchedPage(browser)
    await album(page, 'Rome')
    const links = await page
      .locator('ul.grid > li > a')
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))
    expect(links).toHaveLength(hostileNames.length + 2)
    for (const link of links) {
      const answer = await page.goto(link)
      expect(answer?.ok() ?? true, link).toBe(true)
    }
    expect(complaints).toEqual([])
    await page.close()
  })

  test('nothing typed on SmugMug runs, and what looks like markup and is none is read as it was typed', async () => {
    const { page, complaints } = await watchedPage(browser)
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`))
    await album(page, 'Rome')
    expect(await page.locator('.description').innerHTML()).toBe('Walks in <b>May</b>')
    const caption = page.locator('li .caption').first()
    expect(await caption.innerHTML()).toBe('Tom &amp; <a rel="noreferrer nofollow">Ana</a> ')
    await album(page, 'אלבום')
    expect(await page.locator('li .caption').textContent()).toBe('<3 you, a < b & c > d')
    expect(await page.locator('h1 .mark').textContent()).toBe('private')
    expect(await page.locator('li .mark').textContent()).toBe('hidden')
    expect(complaints).toEqual([])
    await page.close()
  })

  test('a picture has an address that opens it; keys walk and close it, the focus stays inside and comes back', async () => {
    const { page, complaints } = await watchedPage(browser)
    await album(page, 'Rome')
    const id = await page.locator('ul.grid > li').first().getAttribute('id')
    await page.goto(`${page.url().split('#')[0]}#${id}`)
    await page.locator('dialog.viewer[open]').waitFor()
    expect(await page.locator('.info .title').textContent()).toBe('Forum')
    expect(await page.locator('.info .place').textContent()).toBe('33.85680° S, 70.60000° E')
    for (let press = 0; press < 12; press++) {
      await page.keyboard.press('Tab')
      expect(
        await page.evaluate(
          () =>
            document.activeElement === document.body ||
            document.querySelector('dialog')?.contains(document.activeElement),
        ),
      ).toBe(true)
    }
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction((first) => location.hash !== `#${first}`, id)
    expect(await page.locator('.live').textContent()).toMatch(/^2 of 10/)
    await page.keyboard.press('Escape')
    await page.locator('dialog.viewer[open]').waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.closest('li')?.id)).not.toBe(id)
    expect(await page.evaluate(() => document.activeElement?.closest('ul.grid') !== null)).toBe(true)
    expect(complaints).toEqual([])
    await page.close()
  })

  test('Back closes a picture and stays in the album, where the last one was; an address that is closed leaves the rows as they are', async () => {
    const { page, complaints } = await watchedPage(browser)
    await album(page, 'Rome')
    const closed = page.url()
    const rows = () =>
      page.locator('ul.grid > li').evaluateAll((all) => all.map((item) => item.getBoundingClientRect().height))
    const before = await rows()
    const viewer = page.locator('dialog.viewer[open]')
    await page.locator('ul.grid > li > a').first().click()
    await viewer.waitFor()
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(() => document.querySelector('.live')?.textContent?.startsWith('2 of 10'))
    const second = page.url()
    await page.goBack()
    await viewer.waitFor({ state: 'detached' })
    expect(page.url()).toBe(closed)
    expect(await page.evaluate(() => `#${document.activeElement?.closest('li')?.id}`)).toBe(new URL(second).hash)
    await page.goForward()
    await viewer.waitFor()
    await page.keyboard.press('Escape')
    await page.waitForURL(closed)
    await page.goto(address('index.html'))
    await page.goto(second)
    await viewer.waitFor()
    await page.keyboard.press('Escape')
    await viewer.waitFor({ state: 'detached' })
    expect(page.url()).toBe(closed)
    expect(await rows()).toEqual(before)
    await page.goBack()
    expect(page.url()).toBe(address('index.html'))
    // A page that is left stops reading its pictures.
    expect(complaints.filter((text) => !text.includes('ERR_ABORTED'))).toEqual([])
    await page.close()
  })

  test('search takes a year, a month and a day, and ß for ss', async () => {
    const { page } = await watchedPage(browser)
    await page.goto(address('index.html'))
    const counts: string[] = []
    for (const words of [
      '2019',
      '2019-05-01',
      'rome may 2019',
      '2021 july',
      'july 2019',
      'GROSSE Straße',
      'große strasse',
    ]) {
      await page.fill('input[name=q]', words)
      await page.locator('#found h1').waitFor()
      counts.push(await page.locator('#found h1').textContent().then(String))
    }
    expect(counts.map((count) => Number.parseInt(count, 10))).toEqual([9, 1, 9, 1, 0, 1, 1])
    await page.close()
  })

  test('search finds captions, keywords and albums by words without accents, from any page, and has an address', async () => {
    const { page, complaints } = await watchedPage(browser)
    await page.goto(address('index.html'))
    await page.fill('input[name=q]', 'citta forum')
    await page.locator('#found ul.grid li').waitFor()
    expect(await page.locator('#found h1').textContent()).toBe('1 picture for “citta forum”')
    expect(await page.locator('#albums').isHidden()).toBe(true)
    expect(page.url()).toMatch(/#q=citta%20forum$/)
    await page.locator('#found ul.grid a').click()
    await page.locator('dialog.viewer[open]').waitFor()
    await page.goto(address('gallery/dates.html'))
    await page.fill('input[name=q]', 'rome')
    await page.keyboard.press('Enter')
    await page.waitForURL(/index\.html\?q=rome/)
    await page.locator('#found ul.names a').waitFor()
    await page.fill('input[name=q]', 'nowhere at all')
    expect(await page.locator('#found h1').textContent()).toBe('0 pictures for “nowhere at all”')
    expect(complaints).toEqual([])
    await page.close()
  })

  test.each([
    ['a desktop', { width: 1200, height: 800 }],
    ['a phone', { width: 390, height: 800 }],
  ])('axe finds nothing to object to on %s, and nothing is wider than the screen', async (_, viewport) => {
    const { page } = await watchedPage(browser, viewport)
    await album(page, 'Rome')
    const one = page.url()
    for (const url of [address('index.html'), one, address('gallery/dates.html')]) {
      await page.goto(url)
      await page.waitForLoadState('load')
      await page.evaluate(axe)
      const found = await page.evaluate(() =>
        (
          globalThis as unknown as {
            axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
          }
        ).axe.run(),
      )
      expect(
        found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
        url,
      ).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), url).toBe(true)
    }
    await page.close()
  })

  test('without scripts an album shows its pictures, their captions at their addresses, and prints', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(address('index.html'))
    await page.getByRole('link', { name: 'Rome' }).first().click()
    const id = await page.locator('ul.grid > li').first().getAttribute('id')
    await page.goto(`${page.url()}#${id}`)
    expect(await page.locator('li:target .title').isVisible()).toBe(true)
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000)
    await context.close()
  })
})

describe.skipIf(noBrowser !== undefined)('a gallery of 100,000 pictures', () => {
  test('shows all of them by date within a second of the processor and 100 MB of its heap, and jumps to a year', async () => {
    const output = await mkdtemp(join(tmpdir(), 'smugdl-gallery-'))
    const browser = await openBrowser()
    try {
      await manyPictures(output, { images: 100_000, albums: 735 })
      const { page, complaints } = await watchedPage(browser)
      const session = await page.context().newCDPSession(page)
      await session.send('Performance.enable')
      await page.goto(pathToFileURL(join(output, 'gallery/dates.html')).href)
      await page.locator('#timeline li a').first().waitFor()
      const { metrics } = await session.send('Performance.getMetrics')
      const metric = (name: string) => metrics.find((each) => each.name === name)?.value ?? Number.NaN
      console.info(
        `100,000 pictures by date: ${metric('TaskDuration').toFixed(2)} s of the main thread, ${(metric('JSHeapUsedSize') / 1e6).toFixed(0)} MB of heap`,
      )
      expect(metric('TaskDuration')).toBeLessThan(2)
      expect(metric('JSHeapUsedSize')).toBeLessThan(100e6)
      await page.locator('nav.years a').last().click()
      await page.waitForFunction(() => scrollY > 100_000)
      expect(await page.locator('#timeline li').count()).toBeLessThan(400)
      await page.goto(pathToFileURL(join(output, 'index.html')).href)
      await page.fill('input[name=q]', 'picture 99999')
      await page.locator('#found ul.grid li').first().waitFor()
      expect(complaints.filter((complaint) => !complaint.includes('ERR_FILE_NOT_FOUND'))).toEqual([])
    } finally {
      await browser.close()
      await rm(output, { recursive: true })
    }
  })
})

test('the shipped program makes the gallery, with all that its pages need', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'smugdl-gallery-'))
  const { code, stdout } = await start(['demo', '--gallery', '-o', join(folder, 'home')], { HOME: folder }, folder)
    .ended
  expect(stdout).toContain('index.html in a browser')
  expect(code).toBe(0)
  for (const file of ['app.js', 'app.css', 'photoswipe.js', 'photoswipe.css'])
    expect((await stat(join(folder, 'home/gallery', file))).size, file).toBeGreaterThan(1000)
  await rm(folder, { recursive: true })
})

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import folder from '../plugins/folder/index.ts'
import gallery from '../plugins/gallery/index.ts'
import { demoWorld } from '../src/simulator/demo.ts'
import { openBrowser } from '../test/e2e/chromium.ts'
import { accountAtHome } from '../test/plugins/account-at-home.ts'

/* `npm run gallery:picture`: makes the picture of the gallery that README.md shows, of the demo account. */
await using home = await accountAtHome(demoWorld())
await home.run([folder, gallery])
const browser = await openBrowser()
try {
  const page = await browser.newPage({ viewport: { width: 1100, height: 640 }, colorScheme: 'dark' })
  await page.goto(pathToFileURL(join(home.output, 'gallery/dates.html')).href)
  await page.locator('#timeline img').first().waitFor()
  await page.waitForLoadState('load')
  await page.screenshot({ path: join(import.meta.dirname, '../plugins/gallery/gallery.png') })
} finally {
  await browser.close()
}

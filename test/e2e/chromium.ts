import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)

/** Why no browser can be had here; undefined where one can. */
export const noBrowser: string | undefined =
  program === undefined ? 'no Chromium is installed (apt-get install chromium)' : undefined

export async function openBrowser(): Promise<Browser> {
  if (program === undefined) throw new Error(noBrowser)
  return chromium.launch({
    executablePath: program,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
    ],
  })
}

/** A page whose complaints, and whatever it asked of a network, are kept. */
export async function watchedPage(
  browser: Browser,
  viewport = { width: 1200, height: 800 },
): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport })
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (!/^(?:file|data):/.test(request.url())) complaints.push(`asked for ${request.url()}`)
  })
  page.on('requestfailed', (request) => complaints.push(`${request.url()} ${request.failure()?.errorText}`))
  return { page, complaints }
}

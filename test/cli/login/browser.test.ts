import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { mayHaveBrowser, openBrowser } from '../../../src/cli/login/browser.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smugdl-'))
})

async function opener(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, name), 0o755)
}

const url = 'http://127.0.0.1/authorize?oauth_token=a&x=$(touch pwned)`id`;%41\'"'

test.each([
  ['linux', 'xdg-open'],
  ['darwin', 'open'],
] as const)(
  'on %s, %s gets the address as it is: no shell reads it, and no secret comes along',
  async (platform, name) => {
    await opener(name, `printf '%s\\n' "$#" "$1" > "${folder}/args"; env > "${folder}/env"`)
    const env = { PATH: `${folder}:${process.env.PATH}`, SMUGDL_API_SECRET: 'very-secret', HOME: '/home/jane' }
    expect(await openBrowser(url, { platform, env })).toBe(true)
    expect(await readFile(join(folder, 'args'), 'utf8')).toBe(`1\n${url}\n`)
    expect(await readFile(join(folder, 'env'), 'utf8')).toMatch(/^HOME=\/home\/jane$/m)
    expect(await readFile(join(folder, 'env'), 'utf8')).not.toMatch(/SMUGDL|very-secret/)
  },
)

test('an opener that is missing or fails is told', async () => {
  expect(await openBrowser(url, { platform: 'linux', env: { PATH: folder } })).toBe(false)
  await opener('xdg-open', 'exit 3')
  expect(await openBrowser(url, { platform: 'linux', env: { PATH: `${folder}:/bin:/usr/bin` } })).toBe(false)
})

test('there is a browser where there is a screen, but not over ssh', () => {
  expect(mayHaveBrowser({ platform: 'linux', env: {} })).toBe(false)
  expect(mayHaveBrowser({ platform: 'linux', env: { DISPLAY: ':0' } })).toBe(true)
  expect(mayHaveBrowser({ platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBe(true)
  expect(mayHaveBrowser({ platform: 'linux', env: { DISPLAY: ':10', SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' } })).toBe(
    false,
  )
  expect(mayHaveBrowser({ platform: 'darwin', env: {} })).toBe(true)
  expect(mayHaveBrowser({ platform: 'darwin', env: { SSH_TTY: '/dev/ttys001' } })).toBe(false)
  expect(mayHaveBrowser({ platform: 'win32', env: {} })).toBe(true)
})

import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { demoWorld } from '../../src/simulator/demo.ts'
import { simulate } from '../../src/simulator/simulate.ts'
import { screenOf } from './render/screen.ts'
import { inTerminal, noTerminal, type Terminal } from './terminal.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smugdl-'))
})

const asBefore = { echo: true, lines: true }

describe.skipIf(noTerminal !== undefined)(`in a real terminal${noTerminal ? ` (skipped: ${noTerminal})` : ''}`, () => {
  test('key and secret do not show while they are typed; the PIN does', async () => {
    await using smugmug = await simulate()
    const { apiKey, apiSecret } = smugmug.credentials
    const terminal = await inTerminal(['login', '--pin', '--no-browser'], {
      SMUGDL_CONFIG_DIR: folder,
      SMUGDL_API_ORIGIN: smugmug.origin,
    })
    await terminal.saw(/API key: /)
    terminal.type(`${apiKey}\r`)
    await terminal.saw(/API secret: /)
    terminal.type(`${apiSecret}\r`)
    const address = (await terminal.saw(/http\S+\/authorize\?\S+/)).trim()
    await terminal.saw(/six digits/)
    const page = await (await fetch(`${address}&approve=1`)).text()
    const pin = /id="pin">(\d{6})/.exec(page)?.[1] ?? ''
    terminal.type(`${pin}\r`)
    expect(await terminal.ended).toEqual({ code: 0, ...asBefore })
    expect(terminal.shown()).toContain('you are logged in as janedoe')
    expect(terminal.shown()).toContain(`shows: ${pin}`)
    expect(terminal.shown()).not.toContain(apiKey)
    expect(terminal.shown()).not.toContain(apiSecret)
  })

  test.each([
    ['Ctrl-C', (terminal: Terminal) => terminal.type('\x03')],
    ['SIGTERM', (terminal: Terminal) => terminal.kill('SIGTERM')],
    ['SIGHUP', (terminal: Terminal) => terminal.kill('SIGHUP')],
  ])('%s at a hidden question ends with 130 and leaves the terminal as it was', async (_name, interrupt) => {
    const terminal = await inTerminal(['login'], { SMUGDL_CONFIG_DIR: folder })
    await terminal.saw(/API key: /)
    terminal.type('half a key')
    interrupt(terminal)
    expect(await terminal.ended).toEqual({ code: 130, ...asBefore })
    expect(terminal.shown()).not.toContain('half a key')
  })

  test('a run shows its block, and leaves a clean screen with the sums as the last line', async () => {
    await using smugmug = await simulate(demoWorld())
    const terminal = await inTerminal(['-o', join(folder, 'home')], smugmug.environment, { columns: 100 })
    const { code } = await terminal.ended
    expect(code).toBe(1)
    expect(terminal.shown()).toMatch(/\d+ % · \d+ of (?:about )?\d+ files home/)
    const screen = screenOf(terminal.shown(), 100)
    expect(screen[0]).toMatch(/^Downloading the account of /)
    expect(screen.filter((line) => /files home|^\d+ of \d+ albums?|^ {2}.*\(.*B\)$/.test(line))).toEqual([])
    expect(screen.filter((line) => line !== '').at(-1)).toMatch(/^folder: \d+ listed = \d+ new \+ /)
  })
})

import { expect, test } from 'vitest'
import { manPage } from '../../../scripts/release/man-page.ts'
import { defineCommand, flagName } from '../../../src/cli/command.ts'
import { allCommands } from '../../../src/cli/commands.ts'

const edition = { version: '1.2.3', date: '2026-01-02' }

test('the manual names every command and flag', async () => {
  const definitions = await allCommands()
  const page = manPage(definitions, edition).replaceAll('\\-', '-')
  for (const [name, { flags }] of definitions) {
    expect(page).toContain(`.SS smugdl ${name}`)
    for (const flag of Object.keys(flags)) expect(page).toMatch(new RegExp(`--(no-)?${flagName(flag)}`))
  }
})

test('nothing that a command says is taken for a roff request', async () => {
  const command = defineCommand({
    about: ".so /etc/passwd\n'quoted\nC:\\temp",
    flags: {},
    examples: [['.hidden --flag', 'works']],
    exits: {},
    run: async () => 0,
  })
  const page = manPage([['demo', command]], edition)
  const requests = [...page.matchAll(/^[.'](\w*)/gm)].map(([, request = '']) => request)
  expect(new Set(requests)).toEqual(new Set(['TH', 'SH', 'B', 'SS', 'PP', 'EX', 'EE', 'TP']))
  expect(page).toContain('\\&.so /etc/passwd')
  expect(page).toContain('C:\\(rstemp')
})

import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { startCmd, startCmdName } from '../../../scripts/release/start-cmd.ts'

// Nothing here runs Windows: what can be said of a few lines is said.
test('a double click starts smugdl alone, from wherever its folder is, and the window stays until Enter', () => {
  const lines = startCmd.split('\r\n')
  expect(startCmd.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  expect(lines).toContain('"%~dp0smugdl.exe"')
  expect(lines.at(-2)).toMatch(/^set \/p .*Press Enter/)
})

test('the installer puts a link to it into the Start menu', async () => {
  const script = await readFile('scripts/release/install.ps1', 'utf8')
  expect(script).toMatch(/GetFolderPath\('Programs'\)\) 'smugdl\.lnk'/)
  expect(script).toContain(`$link.TargetPath = Join-Path $target '${startCmdName}'`)
})

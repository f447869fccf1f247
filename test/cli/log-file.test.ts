import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openLogFile } from '../../src/cli/log-file.ts'
import { testIo } from './world.ts'

const folder = mkdtempSync(join(tmpdir(), 'smugdl-log-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('openLogFile() appends each line with its time, repeated ones too', async () => {
  const path = join(folder, 'run.log')
  for (const line of ['first', 'second']) {
    using log = await openLogFile(path, testIo({ now: Date.UTC(2026, 10, 24, 5, 40) }))
    log.write(line)
    for (let time = 0; time < 20; time++) log.write('again')
  }
  const lines = readFileSync(path, 'utf8').split('\n')
  expect(lines).toHaveLength(2 * 21 + 1)
  expect(lines[0]).toBe('2026-11-24T05:40:00.000Z first')
  expect(lines[21]).toBe('2026-11-24T05:40:00.000Z second')
})

it('openLogFile() refuses a path that cannot be written to', async () => {
  await expect(openLogFile(folder, testIo())).rejects.toMatchObject({ kind: 'usage', item: folder })
})

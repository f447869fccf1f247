import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { faultTables, tablesIn } from './table.ts'

it('whatever SmugMug answers, and wherever, comes to what the tables in test/README.md say, and nothing leaves home', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
  expect(await faultTables()).toBe(tablesIn(readme))
})

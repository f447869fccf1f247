import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultTables, withTables } from '../test/faults/table.ts'

/** Prints what comes of every lie of SmugMug's; with `--update` the tables of `test/README.md` become that. */
const readme = join(import.meta.dirname, '../test/README.md')
const tables = await faultTables()
console.log(tables)
if (process.argv.includes('--update')) writeFileSync(readme, withTables(readFileSync(readme, 'utf8'), tables))

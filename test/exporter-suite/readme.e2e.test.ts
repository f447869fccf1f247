import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { exporterContract } from '../../src/exporter-suite/exporter-contract.ts'

/** The exporter that plugins/README.md prints, as somebody copies it. */
async function printed() {
  const readme = await readFile(join(import.meta.dirname, '../../plugins/README.md'), 'utf8')
  const code = /```js\n(?<code>export default .*?)```/s.exec(readme)?.groups?.code ?? ''
  const folder = await mkdtemp(join(tmpdir(), 'smugdl-readme-'))
  try {
    await writeFile(join(folder, 'by-year.mjs'), code)
    return (await import(join(folder, 'by-year.mjs'))).default
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('the exporter that the README prints', async () => {
  for (const { name, run } of exporterContract(await printed())) test(name, { timeout: 300_000 }, run)
})

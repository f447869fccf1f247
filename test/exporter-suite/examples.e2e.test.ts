import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import folder from '../../plugins/folder/index.ts'
import type { Exporter } from '../../src/exporter/index.ts'
import { exporterContract } from '../../src/exporter-suite/exporter-contract.ts'
import { sample } from '../../src/exporter-suite/sample.ts'
import { openStage } from '../../src/exporter-suite/stage.ts'
import { installed } from '../installed.ts'

const examples = ['by-date', 'contact-sheet']

/** As a plugin's process loads it. */
async function load(name: string): Promise<Exporter> {
  return (await import(join(import.meta.dirname, `../../plugins/examples/${name}.mjs`))).default
}

describe.each(examples)('the example %s', async (name) => {
  for (const { name: claim, run } of exporterContract(await load(name))) test(claim, run)
})

test('the contact sheet shows the files that the folder exporter has', async () => {
  await using stage = await openStage(sample(), installed)
  const { summary } = await stage.run([folder, await load('contact-sheet')])
  expect(summary?.failed).toEqual([])
  const page = await readFile(join(stage.output, 'contact-sheet/Travel/Rome/index.html'), 'utf8')
  const shown = [...page.matchAll(/src="([^"]+)"/g)].map(([, path = '']) => decodeURIComponent(path))
  expect(shown).toHaveLength(2)
  for (const path of shown) await readFile(join(stage.output, 'contact-sheet/Travel/Rome', path))
})

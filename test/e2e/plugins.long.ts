import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { start } from './program.ts'
import { until } from './scenario.ts'

async function inFolder(
  work: (folder: string, smugdl: (...args: string[]) => ReturnType<typeof start>) => Promise<void>,
) {
  const folder = await mkdtemp(join(tmpdir(), 'smugdl-kit-'))
  try {
    await work(folder, (...args) => start(args, { HOME: folder }, folder))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test('smugdl plugins check finds nothing wrong in what plugins new writes', async () => {
  await inFolder(async (_folder, smugdl) => {
    await smugdl('plugins', 'new', 'by-year').ended
    const { code, stdout } = await smugdl('plugins', 'check', 'by-year').ended
    expect([code, stdout]).toEqual([0, expect.stringContaining('by-year does all that an exporter must.')])
    expect(stdout).toContain('└── undated/')
    expect(stdout).not.toContain('FAILED')
  })
})

test('smugdl plugins check says what a plugin does not do, and why', async () => {
  await inFolder(async (folder, smugdl) => {
    const code = `
      import { copyFile } from 'node:fs/promises'
      import { join } from 'node:path'
      export default { name: 'by-name', apiVersion: 1, create: (context) => ({
        async deliver(image, file) {
          await copyFile(file.path, join(context.output, image.fileName.replaceAll('/', '')))
          return { path: image.fileName.replaceAll('/', '') }
        },
      }) }`
    await writeFile(join(folder, 'by-name.mjs'), code)
    const { code: exit, stdout } = await smugdl('plugins', 'check', 'by-name.mjs').ended
    expect(exit).toBe(1)
    expect(stdout).toContain('FAILED  keeps images apart that have one file name')
    expect(stdout).toMatch(/\d+ checks? of \d+ failed\./)
  })
})

test('smugdl plugins dev checks again when the plugin is saved, until Ctrl-C', async () => {
  await inFolder(async (folder, smugdl) => {
    await smugdl('plugins', 'new', 'by-year').ended
    const dev = smugdl('plugins', 'dev', 'by-year')
    await until(() => dev.said.includes('by-year made this of the sample account'))
    await appendFile(join(folder, 'by-year/index.mjs'), '}')
    await until(() => dev.said.includes('The plugin by-year is not valid JavaScript'))
    dev.kill('SIGINT')
    expect((await dev.ended).code).toBe(0)
  })
})

import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { buildExporterPackage } from '../../scripts/exporter-package.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

const mine = `
import { defineExporter, exporterContract } from 'smugdl/exporter'

const mine = defineExporter({
  name: 'mine',
  apiVersion: 1,
  options: { by: { type: 'string', choices: ['day', 'month'], default: 'day', help: 'How deep' } },
  create: (context) => ({
    deliver(image, file) {
      const by: 'day' | 'month' = context.options.by
      return context.place(file, [by, image.name])
    },
    inspect: (delivery, depth) => context.inspect(delivery, depth),
  }),
})

for (const { name, run } of exporterContract(mine).slice(0, 2)) {
  await run()
  console.log(name)
}
`

test("smugdl/exporter has types that a stranger's project accepts, and a suite that runs there", async () => {
  const project = await mkdtemp(join(tmpdir(), 'smugdl-project-'))
  try {
    // As `npm i smugdl` would lay it out, without a single other package.
    const installed = join(project, 'node_modules/smugdl')
    await buildExporterPackage(join(installed, 'dist'))
    await cp(join(root, 'package.json'), join(installed, 'package.json'))
    await mkdir(join(project, 'node_modules/@types'), { recursive: true })
    await symlink(join(root, 'node_modules/@types/node'), join(project, 'node_modules/@types/node'))
    await writeFile(join(project, 'package.json'), '{ "type": "module" }')
    await writeFile(join(project, 'mine.ts'), mine)
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const strict = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node']
    await run(process.execPath, [tsc, ...strict, 'mine.ts'], { cwd: project })
    const { stdout } = await run(process.execPath, ['mine.ts'], { cwd: project })
    expect(stdout.trim().split('\n')).toHaveLength(2)
  } finally {
    await rm(project, { recursive: true, force: true })
  }
})

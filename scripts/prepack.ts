import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { build } from './build.ts'
import { buildExporterPackage } from './exporter-package.ts'

/* npm runs this before `npm pack` and `npm publish`; and before `npm run pack`, which is something else. */
if (!process.env.npm_command?.startsWith('run')) {
  const dist = join(dirname(import.meta.dirname), 'dist')
  await rm(join(dist, 'esm'), { recursive: true, force: true }) // or a package would carry chunks of earlier builds
  await build(dist)
  await buildExporterPackage(dist)
}

import { join } from 'node:path'
import { build } from '../scripts/build.ts'

/** Before any test: `dist` is of the sources as they are now, so that no test meets an old build. */
export default async function setup(): Promise<void> {
  await build(join(import.meta.dirname, '../dist'))
}

import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Incoming } from '../../src/engine/files/incoming.ts'
import { Staging } from '../../src/engine/files/staging.ts'

export interface TestFolder extends AsyncDisposable {
  readonly path: string
  readonly staging: Staging
  at(path: string): string
  write(path: string, text: string): Promise<void>
  /** A file in staging, on its way home. */
  incoming(text: string, movable?: boolean): Promise<Incoming>
}

/** A real folder of a test's own, with a staging folder in it. */
export async function testFolder(): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), 'smugdl-home-'))
  const staging = new Staging(path)
  await staging.prepare()
  const at = (name: string) => join(path, name)
  return {
    path,
    staging,
    at,
    async write(name, text) {
      await mkdir(dirname(at(name)), { recursive: true })
      await writeFile(at(name), text)
    },
    async incoming(text, movable = true) {
      const file = staging.scratchPath()
      await writeFile(file, text)
      const digest = (algorithm: string) => createHash(algorithm).update(text).digest('hex')
      return {
        path: file,
        size: Buffer.byteLength(text),
        md5: digest('md5'),
        sha256: digest('sha256'),
        movable,
        isBrought: false,
      }
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

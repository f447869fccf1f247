import { execFile } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * What V8 compiled of the chunks of `entry` until a command's first request, as files `<chunk>.cache` below `work`, whose paths are returned. Chunks that no command
 * needs that early have none. It fits an executable of this Node that starts with exactly these flags.
 *
 * The same bytes each time: `--random-seed` decides in which order V8 keeps its names, and what is compiled before
 * the first answer of a network does not depend on time.
 */
export async function codeCaches(entry: string, v8Flags: readonly string[], work: string): Promise<string[]> {
  const caches = join(work, 'code-cache')
  const home = join(work, 'home')
  await mkdir(caches)
  const env = {
    CODE_CACHE: caches,
    SMUGDL_CONFIG_DIR: join(home, 'config'),
    SMUGDL_API_ORIGIN: 'http://127.0.0.1:1',
    SMUGDL_API_KEY: 'key',
    SMUGDL_API_SECRET: 'secret',
    SMUGDL_ACCESS_TOKEN: 'token',
    SMUGDL_ACCESS_TOKEN_SECRET: 'secret',
  }
  const recorder = join(import.meta.dirname, 'record-code-cache.cjs')
  // The last one decides about code that both use.
  for (const args of [['--help'], ['download', '--output', join(home, 'photos')]]) {
    const flags = [...v8Flags, '--random-seed=1', '--require', recorder]
    await run(process.execPath, [...flags, entry, ...args], { env, cwd: work })
  }
  const files = (await readdir(caches)).sort()
  if (files.length === 0) throw new Error('V8 gave no code cache')
  return files.map((file) => join(caches, file))
}

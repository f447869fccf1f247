import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pack } from './pack.ts'
import { targetOf } from './targets.ts'

/*
 * `npm run test:exe [VITEST ARGUMENTS]`: once more what is tested of the built program, now of the packed executable, which lies where no
 * node_modules is in reach: all end to end, and how it holds plugins.
 */
const tests = ['test/e2e', 'test/plugin-host']

const root = dirname(import.meta.dirname)
const folder = await mkdtemp(join(tmpdir(), 'smugdl-exe-'))
// Some tests run the program as an ordinary user.
await chmod(folder, 0o755)
try {
  for await (const executable of pack([targetOf(process.platform, process.arch)], folder)) {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const { status } = spawnSync(process.execPath, [vitest, 'run', ...tests, ...process.argv.slice(2)], {
      cwd: root,
      env: { ...process.env, SMUGDL_TEST_PROGRAM: executable },
      stdio: 'inherit',
    })
    process.exitCode = status ?? 1
  }
} finally {
  await rm(folder, { recursive: true })
}

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { World } from '../../src/simulator/world.ts'
import { isScript } from './program.ts'
import { type Scenario, scenario } from './scenario.ts'

/** A run in which nothing works that Node's `node:crypto` does for us; what it throws holds a secret. */
async function crash(scene: Scenario) {
  const preload = join(scene.folder, 'break.cjs')
  const secret = JSON.stringify(scene.smugmug.credentials.apiSecret)
  await writeFile(
    preload,
    `require('node:crypto').createHmac = () => { throw new TypeError('broken by ' + ${secret}) }`,
  )
  const flag = `--require=${preload}`
  return isScript
    ? scene.smugdl(['download', '-o', scene.output], { NODE_OPTIONS: flag })
    : scene.smugdl([`--node-options=${flag}`, 'download', '-o', scene.output])
}

it('a bug ends with 70, its place in the source, the version and where to report it, and without a secret', async () => {
  await using scene = await scenario(new World())
  const { code, stdout, stderr } = await crash(scene)
  const lines = stderr.trimEnd().split('\n')
  expect([code, lines[0]]).toEqual([70, `smugdl ${packageJson.version} broke: broken by [secret]`])
  expect(stderr).toMatch(/^ {4}at .*src\/smugmug\/transport\/sign\.ts:\d+:\d+\)?$/m)
  expect(stderr).not.toMatch(/(chunk-\w+|smugdl)\.[cm]js/)
  expect(lines.slice(-2)).toEqual([
    'This is a bug in smugdl. Nothing is recorded that is not safe; the next run continues.',
    expect.stringMatching(
      new RegExp(
        `^Please report these lines at ${packageJson.repository.url.slice('git+'.length, -'.git'.length)}/issues: smugdl ${packageJson.version} \\(commit .+, node v26.*\\)\\.$`,
      ),
    ),
  ])
  for (const secret of Object.values(scene.smugmug.credentials)) expect(stdout + stderr).not.toContain(secret)
})

import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { logIn } from './log-in.ts'
import { expectAllHome, scenario } from './scenario.ts'

it('login with key, secret and PIN from a pipe leaves what a later run needs, for nobody else to read', async () => {
  const world = new World()
  world.addImage(world.addAlbum({ name: 'Album' }))
  await using scene = await scenario(world)
  const { code, said } = await logIn(scene)
  expect([code, said]).toEqual([0, expect.stringContaining('you are logged in as janedoe')])

  const path = join(scene.folder, 'config/credentials.json')
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600)
  const { accessToken, accessTokenSecret } = JSON.parse(await readFile(path, 'utf8'))
  for (const secret of [scene.smugmug.credentials.apiSecret, accessToken, accessTokenSecret])
    expect(said).not.toContain(secret)
  const withoutVariables = {
    SMUGDL_API_KEY: undefined,
    SMUGDL_API_SECRET: undefined,
    SMUGDL_ACCESS_TOKEN: undefined,
    SMUGDL_ACCESS_TOKEN_SECRET: undefined,
  }
  expect((await scene.smugdl(['-o', scene.output], withoutVariables)).code).toBe(0)
  await expectAllHome(scene, await scene.download(), { unchanged: 1 })
})

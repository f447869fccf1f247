import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { command } from './program.ts'
import { expectAllHome, scenario } from './scenario.ts'

it('login with key, secret and PIN from a pipe leaves what a later run needs, for nobody else to read', async () => {
  const world = new World()
  world.addImage(world.addAlbum({ name: 'Album' }))
  await using scene = await scenario(world)
  const { apiKey, apiSecret } = scene.smugmug.credentials
  const env = { SMUGDL_API_ORIGIN: scene.smugmug.origin, SMUGDL_CONFIG_DIR: join(scene.folder, 'config') }

  const [first = '', ...rest] = [...command, 'login', '--pin']
  const child = spawn(first, rest, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text))
  child.stdin.write(`${apiKey}\n${apiSecret}\n`)
  let address: string | undefined
  while (address === undefined) {
    await once(child.stderr, 'data')
    address = /(http\S+\/authorize\?\S+)\n/.exec(said)?.[1]
  }
  const page = await (await fetch(`${address}&approve=1`)).text()
  child.stdin.end(`${/id="pin">(\d{6})</.exec(page)?.[1]}\n`)
  expect([(await ended)[0], said]).toEqual([0, expect.stringContaining('you are logged in as janedoe')])

  const path = join(scene.folder, 'config/credentials.json')
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600)
  const { accessToken, accessTokenSecret } = JSON.parse(await readFile(path, 'utf8'))
  for (const secret of [apiSecret, accessToken, accessTokenSecret]) expect(said).not.toContain(secret)
  const withoutVariables = {
    SMUGDL_API_KEY: undefined,
    SMUGDL_API_SECRET: undefined,
    SMUGDL_ACCESS_TOKEN: undefined,
    SMUGDL_ACCESS_TOKEN_SECRET: undefined,
  }
  expect((await scene.smugdl(['-o', scene.output], withoutVariables)).code).toBe(0)
  await expectAllHome(scene, await scene.download(), { unchanged: 1 })
})

import { chmod, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { forgetCredentials, knownApiKey, loadCredentials, storeCredentials } from '../../src/app/credentials.ts'
import { testIo } from '../cli/world.ts'

const credentials = {
  apiKey: 'key-1',
  apiSecret: 'secret-1',
  accessToken: 'token-1',
  accessTokenSecret: 'token-secret-1',
}
const inEnvironment = {
  SMUGDL_API_KEY: 'key-2',
  SMUGDL_API_SECRET: 'secret-2',
  SMUGDL_ACCESS_TOKEN: 'token-2',
  SMUGDL_ACCESS_TOKEN_SECRET: 'token-secret-2',
}
let folder: string
const world = (env: Record<string, string> = {}) => testIo({ env: { SMUGDL_CONFIG_DIR: folder, ...env } })

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'smugdl-')), 'config', 'smugdl')
})

test('what was stored is loaded, with the file it came from', async () => {
  const path = await storeCredentials(credentials, world())
  expect(await loadCredentials(world())).toEqual({ credentials, origin: 'https://api.smugmug.com', from: path })
  expect(path).toBe(join(folder, 'credentials.json'))
})

test('only the owner may read the file, and nothing else is left in a folder that only the owner may enter', async () => {
  const path = await storeCredentials(credentials, world())
  await storeCredentials({ ...credentials, accessToken: 'token-3' }, world())
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  expect(await readdir(folder)).toEqual(['credentials.json'])
  expect(JSON.parse(await readFile(path, 'utf8')).accessToken).toBe('token-3')
})

test.each([0o644, 0o640, 0o604, 0o660])('a file of mode %o is refused with the command that mends it', async (mode) => {
  const path = await storeCredentials(credentials, world())
  await chmod(path, mode)
  await expect(loadCredentials(world())).rejects.toMatchObject({
    kind: 'usage',
    item: path,
    next: expect.stringContaining(`Run: chmod 600 '${path}'.`),
  })
  await chmod(path, 0o600)
  await expect(loadCredentials(world())).resolves.toMatchObject({ credentials })
})

test('without any login the error names the command', async () => {
  await expect(loadCredentials(world())).rejects.toMatchObject({
    kind: 'auth',
    next: expect.stringContaining('smugdl login'),
  })
})

test('four variables replace the file', async () => {
  await storeCredentials(credentials, world())
  expect(await loadCredentials(world(inEnvironment))).toMatchObject({
    from: 'environment',
    credentials: {
      apiKey: 'key-2',
      apiSecret: 'secret-2',
      accessToken: 'token-2',
      accessTokenSecret: 'token-secret-2',
    },
  })
})

test('some of the four are a mistake that names those that are missing; an empty one is missing', async () => {
  const { SMUGDL_ACCESS_TOKEN_SECRET: _, ...three } = inEnvironment
  for (const env of [three, { ...inEnvironment, SMUGDL_ACCESS_TOKEN_SECRET: ' ' }])
    await expect(loadCredentials(world(env))).rejects.toMatchObject({
      kind: 'usage',
      what: expect.stringContaining('SMUGDL_ACCESS_TOKEN_SECRET is missing'),
    })
  await expect(knownApiKey(world({ SMUGDL_API_KEY: 'key-2' }))).rejects.toMatchObject({ kind: 'usage' })
})

test('key and secret alone serve the login, and no login with another key is used beside them', async () => {
  const application = { SMUGDL_API_KEY: 'key-2', SMUGDL_API_SECRET: 'secret-2' }
  expect(await knownApiKey(world(application))).toMatchObject({ apiKey: 'key-2', from: 'environment' })
  await expect(loadCredentials(world(application))).rejects.toMatchObject({ kind: 'auth', what: 'Nobody is logged in' })
  await storeCredentials(credentials, world())
  await expect(loadCredentials(world(application))).rejects.toMatchObject({
    kind: 'auth',
    what: expect.stringContaining('another API key'),
  })
  await expect(loadCredentials(world({ ...application, SMUGDL_API_KEY: 'key-1' }))).resolves.toMatchObject({
    credentials,
  })
})

test('a login is not sent to another origin than it was made for', async () => {
  await storeCredentials(credentials, world({ SMUGDL_API_ORIGIN: 'http://127.0.0.1:4000' }))
  await expect(loadCredentials(world())).rejects.toMatchObject({
    kind: 'auth',
    what: 'The login is for http://127.0.0.1:4000 and is not sent to https://api.smugmug.com',
  })
  await expect(loadCredentials(world({ SMUGDL_API_ORIGIN: 'http://127.0.0.1:4000/' }))).resolves.toMatchObject({
    credentials,
  })
  expect(await knownApiKey(world())).toBeUndefined()
})

test.each(['', '{', '[]', '{"origin":"https://api.smugmug.com","apiKey":"key-1"}', '{"apiSecret":"secret-1'])(
  'a file that holds %j is refused, without a word of what it holds',
  async (text) => {
    const path = await storeCredentials(credentials, world())
    await writeFile(path, text)
    const error = await loadCredentials(world()).catch((error: unknown) => error)
    expect(error).toMatchObject({ kind: 'usage', item: path, next: 'Run smugdl login' })
    expect(JSON.stringify(error) + String(error)).not.toMatch(/secret-1|key-1/)
    expect(await knownApiKey(world())).toBeUndefined()
  },
)

test('a place that cannot be written to is named', async () => {
  await writeFile(join(folder, '..', '..', 'file'), '')
  const io = world({ SMUGDL_CONFIG_DIR: join(folder, '..', '..', 'file', 'smugdl') })
  await expect(storeCredentials(credentials, io)).rejects.toMatchObject({
    kind: 'usage',
    next: expect.stringContaining('SMUGDL_CONFIG_DIR'),
  })
})

test('what is forgotten is gone, and forgetting twice is no error', async () => {
  const path = await storeCredentials(credentials, world())
  expect(await forgetCredentials(world())).toBe(path)
  expect(await readdir(folder)).toEqual([])
  expect(await forgetCredentials(world())).toBeUndefined()
})

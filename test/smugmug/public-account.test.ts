import { expect, test } from 'vitest'
import { simulate } from '../../src/simulator/simulate.ts'
import { World } from '../../src/simulator/world.ts'
import { accessOf } from '../../src/smugmug/api/access.ts'
import { albumsOf } from '../../src/smugmug/api/album.ts'
import { accountOf } from '../../src/smugmug/api/user.ts'
import { connect } from '../../src/smugmug/connect.ts'

test('a key without a token sees the public albums of a nickname, never a whole account, and signs nothing', async () => {
  const world = new World()
  world.addAlbum({ name: 'Public' })
  await using simulator = await simulate(world)
  const { origin, credentials } = simulator
  const whose = { nickName: world.user.nickName }
  const { signal } = new AbortController()
  await using smugmug = connect({
    origin,
    credentials: { apiKey: credentials.apiKey },
    whose,
    userAgent: 'smugdl/test',
    signal,
    onEvent() {},
  })
  const account = await accountOf(smugmug.api, whose)
  expect([account.nickName, accessOf(account)]).toEqual([whose.nickName, 'public'])
  const names: string[] = []
  for await (const { name } of albumsOf(smugmug.api, account)) names.push(name)
  expect(names).toEqual(['Public'])
})

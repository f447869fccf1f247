import { expect, test } from 'vitest'
import { authUser } from '../../src/smugmug/user.ts'
import { connected, envelope, host, json } from './host.ts'

const user = envelope('User', {
  NickName: 'jane',
  Name: 'Jane Doe',
  ImageCount: 3,
  Uris: { Node: '/api/v2/node/r00t' },
})

test('every attempt is signed with a nonce of its own', async () => {
  let calls = 0
  await using server = await host((_, response) => {
    calls++
    if (calls < 3) json(response, { Code: 503, Message: 'Maintenance' }, 503)
    else json(response, user)
  })
  await using smugmug = connected(server.origin)
  expect(await authUser(smugmug.api)).toMatchObject({ nickName: 'jane', nodeId: 'r00t', imageCount: 3 })
  const nonces = server.requests.map(({ headers }) => /oauth_nonce="([^"]+)"/.exec(headers.authorization ?? '')?.[1])
  expect(new Set(nonces).size).toBe(3)
  expect(nonces).not.toContain(undefined)
  expect(smugmug.events.filter(({ type }) => type === 'retry')).toMatchObject([
    { item: '/api/v2!authuser', reason: 'SmugMug answered 503', attempt: 1 },
    { attempt: 2 },
  ])
})

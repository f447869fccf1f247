import { request } from 'node:http'
import { networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { type Callback, listenForCallback } from '../../../src/cli/login/callback.ts'

/** A visit as a browser makes it; the status, or the code of the failure. */
function visit(url: string, host?: string, headers: Record<string, string> = {}): Promise<number | string> {
  const { port, pathname, search } = new URL(url)
  return new Promise((resolve) => {
    const sent = request({ host: host ?? 'localhost', port, path: pathname + search, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
    sent.end()
  })
}

async function listening(): Promise<Callback> {
  const callback = await listenForCallback()
  if (callback === undefined) throw new Error('nothing can be listened to here')
  return callback
}

test('the answer to our own token is taken, on IPv4', async () => {
  await using callback = await listening()
  const answer = callback.answer('ours')
  expect(await visit(`${callback.url}?oauth_token=ours&oauth_verifier=123456`, '127.0.0.1')).toBe(200)
  expect(await answer).toEqual({ verifier: '123456' })
})

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.address === '::1')

test.runIf(hasIpv6)('and on IPv6, where this machine has it', async () => {
  await using callback = await listening()
  const answer = callback.answer('ours')
  expect(await visit(`${callback.url}?oauth_token=ours&oauth_verifier=123456`, '::1')).toBe(200)
  expect(await answer).toEqual({ verifier: '123456' })
})

test('a visit with another token, without one, before we wait, or to another page changes nothing', async () => {
  await using callback = await listening()
  expect(await visit(`${callback.url}?oauth_token=ours&oauth_verifier=1`)).toBe(404)
  const answer = callback.answer('ours')
  for (const visited of [
    '?oauth_token=theirs&oauth_verifier=1',
    '',
    '?oauth_verifier=1',
    '/../?oauth_token=ours&oauth_verifier=1',
    '/x?oauth_token=ours',
  ])
    expect(await visit(callback.url + visited)).toBe(404)
  expect(await visit(`${new URL(callback.url).origin}//`)).toBe(404)
  expect(await visit(`${callback.url}?oauth_token=ours&oauth_verifier=2`)).toBe(200)
  expect(await answer).toEqual({ verifier: '2' })
})

test('there is one answer only', async () => {
  await using callback = await listening()
  const answer = callback.answer('ours')
  await visit(`${callback.url}?oauth_token=ours&oauth_verifier=1`)
  expect(await visit(`${callback.url}?oauth_token=ours&oauth_verifier=2`)).toBe(404)
  expect(await answer).toEqual({ verifier: '1' })
})

test('an answer without a verifier is a no', async () => {
  await using callback = await listening()
  const answer = callback.answer('ours')
  await visit(`${callback.url}?oauth_token=ours&oauth_problem=user_refused`)
  expect(await answer).toBe('denied')
})

test('nobody is listening any more afterwards', async () => {
  let url: string
  {
    await using callback = await listening()
    url = callback.url
  }
  expect(await visit(url)).toBe('ECONNREFUSED')
})

test('the token alone does nothing: the path is a secret between SmugMug and us, another one for each login', async () => {
  await using callback = await listening()
  await using another = await listening()
  const answer = callback.answer('ours')
  const { origin, pathname } = new URL(callback.url)
  const theirs = new URL(another.url).pathname
  expect(theirs).not.toBe(pathname)
  for (const path of [
    '/callback',
    '/callback/',
    theirs,
    `${pathname}/`,
    pathname.slice(0, -1),
    pathname.toUpperCase(),
  ]) {
    expect(await visit(`${origin}${path}?oauth_token=ours`)).toBe(404)
    expect(await visit(`${origin}${path}?oauth_token=ours&oauth_verifier=1`)).toBe(404)
  }
  expect(await visit(`${callback.url}?oauth_token=ours&oauth_verifier=2`)).toBe(200)
  expect(await answer).toEqual({ verifier: '2' })
})

test('a visit under another name, as by DNS rebinding, changes nothing', async () => {
  await using callback = await listening()
  const answer = callback.answer('ours')
  const { port } = new URL(callback.url)
  for (const host of [
    `attacker.example:${port}`,
    'attacker.example',
    `localhost.attacker.example:${port}`,
    `0.0.0.0:${port}`,
  ])
    expect(await visit(`${callback.url}?oauth_token=ours&oauth_verifier=1`, '127.0.0.1', { host })).toBe(404)
  expect(
    await visit(`${callback.url}?oauth_token=ours&oauth_verifier=2`, '127.0.0.1', { host: `127.0.0.1:${port}` }),
  ).toBe(200)
  expect(await answer).toEqual({ verifier: '2' })
})

test('of two logins at once, each gets its own account and neither the other', async () => {
  await using jane = await listening()
  await using jonas = await listening()
  const answers = [jane.answer('jane'), jonas.answer('jonas')]
  expect(await visit(`${jane.url}?oauth_token=jonas&oauth_verifier=2`)).toBe(404)
  expect(await visit(`${jonas.url}?oauth_token=jane&oauth_verifier=1`)).toBe(404)
  expect(await visit(`${jonas.url}?oauth_token=jonas&oauth_verifier=2`)).toBe(200)
  expect(await visit(`${jane.url}?oauth_token=jane&oauth_verifier=1`)).toBe(200)
  expect(await Promise.all(answers)).toEqual([{ verifier: '1' }, { verifier: '2' }])
})

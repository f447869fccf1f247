import { expect, test } from 'vitest'
import { defaultTimeouts, openDispatcher } from '../../../src/smugmug/transport/dispatcher.ts'
import { networkError } from '../../../src/smugmug/transport/network-error.ts'
import { failure, host } from '../host.ts'

const { signal } = new AbortController()

test('a name that leads to this machine is not connected to, unless it is our own origin', async () => {
  await using server = await host((_, response) => response.end('bytes'))
  const origin = `http://localhost:${new URL(server.origin).port}`
  const open = async (own: readonly string[]) => {
    const dispatcher = openDispatcher({ timeouts: defaultTimeouts, own })
    try {
      return await (await dispatcher.request({ origin, path: '/', method: 'GET' })).body.text()
    } finally {
      await dispatcher.destroy()
    }
  }
  const refused = networkError(await failure(open([server.origin])), `${origin}/`, signal)
  expect(refused).toMatchObject({ kind: 'item', what: expect.stringContaining('private network'), retry: 'no' })
  expect(server.asked).toEqual([])
  expect(await open([origin])).toBe('bytes')
})

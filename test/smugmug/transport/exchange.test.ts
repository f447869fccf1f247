import type { RequestListener } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { defaultTimeouts, openDispatcher } from '../../../src/smugmug/transport/dispatcher.ts'
import { exchange } from '../../../src/smugmug/transport/exchange.ts'
import { failure, host } from '../host.ts'

/** One GET to a host that answers as told. `connections` are those that the host saw. */
async function toHost(answer: RequestListener) {
  const server = await host(answer)
  const dispatcher = openDispatcher({ timeouts: defaultTimeouts, own: [server.origin] })
  const ask = (signal = new AbortController().signal) =>
    exchange(dispatcher, { origin: server.origin, path: '/', signal, onInfo() {} })
  return {
    ask,
    async [Symbol.asyncDispose]() {
      await dispatcher.destroy()
      await server[Symbol.asyncDispose]()
    },
  }
}

async function lengthOf(body: AsyncIterable<Uint8Array>, slowly = false): Promise<number> {
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (slowly) await turn()
  }
  return length
}

const megabytes = 20_000_000

describe('the body of an answer', () => {
  test.each([false, true])('comes whole, however much waits to be read (slowly: %s)', async (slowly) => {
    await using to = await toHost((_, response) => response.end(Buffer.alloc(megabytes)))
    const { status, body } = await to.ask()
    expect([status, await lengthOf(body, slowly)]).toEqual([200, megabytes])
  })

  test('that nobody reads stops the sender instead of filling memory', async () => {
    let accepted = 0
    const full = Promise.withResolvers<void>()
    await using to = await toHost(async (_, response) => {
      while (response.write(Buffer.alloc(1_000_000))) accepted += 1
      full.resolve()
      response.once('drain', () => response.end())
    })
    const { body } = await to.ask()
    await full.promise
    expect(await lengthOf(body)).toBe((accepted + 1) * 1_000_000)
  })

  test.each([{ 'content-length': 1_000_000 }, {}])(
    'comes whole where the sender closes the connection while it waits to be read, with headers %o',
    async (headers) => {
      const closed = Promise.withResolvers<void>()
      await using to = await toHost((request, response) => {
        request.socket.once('close', closed.resolve)
        response.writeHead(200, { connection: 'close', ...headers })
        response.end(Buffer.alloc(1_000_000))
      })
      const { body } = await to.ask()
      let length = 0
      for await (const chunk of body) {
        if (length === 0) await closed.promise
        length += chunk.length
      }
      expect(length).toBe(1_000_000)
    },
  )

  test('that breaks off gives what came first, then the error', async () => {
    await using to = await toHost((request, response) => {
      response.writeHead(200, { 'content-length': 1000 })
      response.write(Buffer.alloc(300), () => request.socket.destroy())
    })
    const { body } = await to.ask()
    let length = 0
    const read = async () => {
      for await (const chunk of body) length += chunk.length
    }
    expect(await failure(read())).toMatchObject({ code: 'UND_ERR_SOCKET' })
    expect(length).toBe(300)
  })

  test('ends with the reason of the signal', async () => {
    await using to = await toHost((_, response) => response.write('some'))
    const abort = new AbortController()
    const { body } = await to.ask(abort.signal)
    const reason = new Error('enough')
    const read = async () => {
      for await (const _ of body) abort.abort(reason)
    }
    expect(await failure(read())).toBe(reason)
  })

  test('that is discarded frees its connection: a short rest is read, a long one is not', async () => {
    const sockets = new Set<unknown>()
    const length = { value: 1000 }
    await using to = await toHost((request, response) => {
      sockets.add(request.socket)
      response.end(Buffer.alloc(length.value))
    })
    const discard = async () => {
      await (await to.ask()).body.discard()
      // undici gives a connection back a turn after its answer.
      await turn()
      await turn()
    }
    await discard()
    await discard()
    expect(sockets.size).toBe(1)
    length.value = megabytes
    await discard()
    await discard()
    expect(sockets.size).toBe(2)
  })

  test('that was read, or left, may be discarded', async () => {
    await using to = await toHost((_, response) => response.end(Buffer.alloc(megabytes)))
    const { body } = await to.ask()
    for await (const _ of body) break
    await body.discard()
    const { body: other } = await to.ask()
    await lengthOf(other)
    await other.discard()
  })
})

test('a signal that was aborted before, or before the answer comes, is the error', async () => {
  const asked = Promise.withResolvers<void>()
  await using to = await toHost(() => asked.resolve())
  const reason = new Error('enough')
  expect(await failure(to.ask(AbortSignal.abort(reason)))).toBe(reason)
  const abort = new AbortController()
  const failed = failure(to.ask(abort.signal))
  await asked.promise
  abort.abort(reason)
  expect(await failed).toBe(reason)
})

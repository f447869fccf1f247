import { request } from 'undici'
import { describe, expect, test } from 'vitest'
import { readAll } from '../../src/simulator/content.ts'
import type { Fault, JsonAnswer } from '../../src/simulator/faults.ts'
import { originalOf } from '../../src/simulator/files.ts'
import { type Simulator, simulate } from '../../src/simulator/simulate.ts'
import { World } from '../../src/simulator/world.ts'
import { ask, askJson, at, textAt } from './ask.ts'

/** A simulator with one picture, that picture's address and its right bytes. */
async function onePicture() {
  const world = new World()
  const image = world.addImage(world.addAlbum({ name: 'Album' }), { size: 9000 })
  const simulator = await simulate(world)
  const url = textAt(await askJson(simulator, `/api/v2/image/${image.key}-0`), 'Response', 'Image', 'ArchivedUri')
  return { simulator, url, right: readAll(originalOf(image).content) }
}

/** What a client sees when the next request for the picture goes wrong like this. */
async function seen(fault: Fault) {
  const { simulator, url, right } = await onePicture()
  await using _ = simulator
  simulator.faults.add({ path: '/photos/', kind: 'media', times: 1, do: fault })
  const outcome = await fetched(simulator, url)
  const after = await fetched(simulator, url)
  expect(after.bytes.equals(right)).toBe(true)
  return { ...outcome, right }
}

async function fetched(simulator: Simulator, url: string) {
  try {
    const response = await ask(simulator, url)
    const bytes = Buffer.from(await response.arrayBuffer())
    const length = Number(response.headers.get('content-length'))
    return { status: response.status, type: response.headers.get('content-type') ?? '', length, bytes, response }
  } catch (error) {
    return { status: 0, type: '', length: 0, bytes: Buffer.alloc(0), error }
  }
}

describe('a picture', () => {
  test('is held until the test says so', async () => {
    const go = Promise.withResolvers<void>()
    let isThere = false
    const held = seen({ kind: 'held', until: go.promise }).then((outcome) => {
      isThere = true
      return outcome
    })
    await new Promise(setImmediate)
    expect(isThere).toBe(false)
    go.resolve()
    const { status, bytes, right } = await held
    expect([status, bytes.equals(right)]).toEqual([200, true])
  })

  test('comes with a status, a body and headers of the test’s choice', async () => {
    const { status, type, bytes, response } = await seen({
      kind: 'status',
      status: 503,
      body: 'busy',
      headers: { 'Retry-After': '7' },
    })
    expect([status, type, bytes.toString(), response?.headers.get('retry-after')]).toEqual([
      503,
      'text/html; charset=utf-8',
      'busy',
      '7',
    ])
  })

  test('is reset before the headers, or after some bytes', async () => {
    expect((await seen({ kind: 'reset' })).error).toBeDefined()
    expect((await seen({ kind: 'reset', afterBytes: 1000 })).error).toBeDefined()
  })

  test('ends before Content-Length says so', async () => {
    expect((await seen({ kind: 'truncated' })).error).toBeDefined()
    expect((await seen({ kind: 'truncated', afterBytes: 0 })).error).toBeDefined()
  })

  test('is shorter or longer than it should be and says so', async () => {
    const short = await seen({ kind: 'short', missingBytes: 10 })
    expect([short.status, short.length, short.bytes.length]).toEqual([200, 8990, 8990])
    const longer = await seen({ kind: 'longer', extraBytes: 10 })
    expect([longer.status, longer.length, longer.bytes.length]).toEqual([200, 9010, 9010])
  })

  test('is as long as it should be but for one bit', async () => {
    const { bytes, right } = await seen({ kind: 'flipped' })
    expect(bytes.length).toBe(right.length)
    expect(bytes.filter((byte, index) => byte !== right[index]).length).toBe(1)
  })

  test('is empty', async () => {
    const { status, length, type } = await seen({ kind: 'empty' })
    expect([status, length, type]).toEqual([200, 0, 'image/jpeg'])
  })

  test('is a page or a JSON document with status 200', async () => {
    expect((await seen({ kind: 'html' })).type).toContain('text/html')
    const json = await seen({ kind: 'lie', lie: 'noResponse' })
    expect([json.status, json.type]).toEqual([200, 'application/json; charset=utf-8'])
  })

  test('is somewhere else', async () => {
    const { status, response } = await seen({ kind: 'redirect', to: 'http://127.0.0.1:1/elsewhere' })
    expect([status, response?.headers.get('location')]).toEqual([302, 'http://127.0.0.1:1/elsewhere'])
  })

  test('stalls until the reader gives up', async () => {
    const { simulator, url } = await onePicture()
    await using _ = simulator
    simulator.faults.add({ path: '/photos/', do: { kind: 'stalled', afterBytes: 100 } })
    const { body } = await request(url)
    let received = 0
    const reading = (async () => {
      for await (const chunk of body) {
        received += chunk.length
        if (received >= 100) break
      }
    })()
    await reading
    expect(received).toBe(100)
    expect(simulator.requests.at(-1)).toMatchObject({ status: 200, bytesSent: 100, signed: false })
  })
})

describe('the API', () => {
  test('answers 429 with Retry-After', async () => {
    await using simulator = await simulate()
    simulator.faults.add({ path: '!authuser', do: { kind: 'tooManyRequests', retryAfterSeconds: 12 } })
    const response = await ask(simulator, '/api/v2!authuser')
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '12'])
    expect(await response.json()).toEqual({ Code: 429, Message: 'Too Many Requests' })
  })

  test('answers JSON that is none, or that is cut, with status 200', async () => {
    await using simulator = await simulate()
    for (const kind of ['badJson', 'cutJson'] as const) {
      simulator.faults.add({ path: '!authuser', times: 1, do: { kind } })
      const response = await ask(simulator, '/api/v2!authuser')
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
      await expect(response.json()).rejects.toThrow(SyntaxError)
    }
  })

  test('says what is well-formed and not true', async () => {
    await using simulator = await simulate()
    const edit = ({ Response, ...rest }: JsonAnswer) => ({ ...rest, Response: { Locator: Response.Locator } })
    simulator.faults.add({ path: '!authuser', times: 1, do: { kind: 'edited', edit } })
    const lie = await askJson(simulator, '/api/v2!authuser')
    expect(lie).toEqual({ Code: 200, Message: 'Ok', Response: { Locator: 'User' } })
    expect(textAt(await askJson(simulator, '/api/v2!authuser'), 'Response', 'User', 'NickName')).toBe('janedoe')
  })

  test('fails for some paths only, after some requests, for some times, until it is removed', async () => {
    await using simulator = await simulate()
    const codes = async (path: string, count: number) => {
      const statuses: number[] = []
      for (let i = 0; i < count; i++) statuses.push((await ask(simulator, path)).status)
      return statuses
    }
    simulator.faults.add({ path: /!authuser$/, after: 1, times: 2, do: { kind: 'status', status: 500 } })
    expect(await codes('/api/v2!authuser', 4)).toEqual([200, 500, 500, 200])
    const remove = simulator.faults.add({ path: 'start=201', kind: 'api', do: { kind: 'status', status: 404 } })
    expect(await codes('/api/v2/user/janedoe!albums?start=201', 1)).toEqual([404])
    expect(await codes('/api/v2/user/janedoe!albums?start=101', 1)).toEqual([200])
    remove()
    expect(await codes('/api/v2/user/janedoe!albums?start=201', 1)).toEqual([200])
    simulator.faults.add({ path: '', do: { kind: 'status', status: 502 } })
    simulator.faults.clear()
    expect(await codes('/api/v2!authuser', 1)).toEqual([200])
  })

  test('answers late, but rightly', async () => {
    await using simulator = await simulate()
    simulator.faults.add({ path: '', do: { kind: 'delay', ms: 1 } })
    expect(at(await askJson(simulator, '/api/v2!authuser'), 'Code')).toBe(200)
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SmugdlError } from '../../src/error.ts'
import { plainText } from '../../src/exporter/describe/plain-text.ts'
import { safeName } from '../../src/exporter/safe-name.ts'
import { safePath } from '../../src/exporter/safe-path.ts'
import { simulate } from '../../src/simulator/simulate.ts'
import { World } from '../../src/simulator/world.ts'
import { albumOf } from '../../src/smugmug/api/album.ts'
import { listed } from '../../src/smugmug/api/complete-list.ts'
import { imageOf } from '../../src/smugmug/api/image.ts'
import { nodeOf } from '../../src/smugmug/api/node.ts'
import { renderingOf } from '../../src/smugmug/api/rendering.ts'
import { expandedSmallCopies } from '../../src/smugmug/api/small-copy.ts'
import { userOf } from '../../src/smugmug/api/user.ts'
import { withoutSecrets } from '../../src/smugmug/api/without-secrets.ts'
import type { Api, Envelope } from '../../src/smugmug/api.ts'
import { shapeOf } from '../../src/smugmug/shape.ts'
import { systemClock } from '../../src/smugmug/transport/clock.ts'
import { withParsedAnswer } from '../../src/smugmug/transport/parse-answer.ts'
import { pauseAsked, rateWindowOf } from '../../src/smugmug/transport/retry-after.ts'
import { askJson } from '../simulator/ask.ts'
import { oddly, oddValue } from './odd-json.ts'

const address = '/api/v2/test'
const { signal } = new AbortController()

/** Real answers of the simulator: an account, a node, a list of nodes, one of albums, one of images, a video's sizes. */
const answers = await (async () => {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) })
  world.addImage(album, { title: 'a <b>title</b>', keywords: ['one', 'two'] })
  world.addImage(album, { video: {} })
  await using simulator = await simulate(world)
  const paths = [
    '/api/v2!authuser',
    `/api/v2/node/${world.root.id}`,
    `/api/v2/node/${world.root.id}!children`,
    `/api/v2/user/${world.user.nickName}!albums`,
    `/api/v2/album/${album.key}!images?_expand=ImageSizeDetails`,
  ]
  return await Promise.all(
    paths.map(async (path) => (await askJson(simulator, path)) as { Response: Record<string, unknown> }),
  )
})()

const [user, , nodes, albums, images] = answers.map(
  ({ Response }) => [Response[String(Response.Locator)]].flat()[0] as object,
)

function onlyExpected(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof SmugdlError) || error.kind === 'bug') throw error
    return undefined
  }
}

test.each(answers.map((answer) => [String(answer.Response.Locator), answer] as const))(
  'an answer with odd places is read or refused with a sentence: %s (300 answers)',
  async (_, answer) => {
    const message = fc.record({ Code: oddValue, Message: oddValue })
    const status = fc.constantFrom(200, 200, 200, 204, 301, 400, 401, 404, 429, 500, 503)
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 4, arbitrary: oddly(answer) }, { weight: 1, arbitrary: message }),
        status,
        fc.constantFrom('anything', 'record', 'list'),
        async (odd, status, expected) => {
          const send = async () => ({
            url: `https://api.smugmug.com${address}`,
            status,
            headers: new Headers(),
            body: JSON.stringify(odd),
            discard: async () => {},
            tookMs: 0,
          })
          const url = `https://api.smugmug.com${address}`
          const read = await withParsedAnswer(send, systemClock)({ url, signal, expected }).catch(expectSentence)
          expect(read === undefined || read.expansions instanceof Map).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  },
)

test('text that is no JSON is refused with a sentence (200 texts)', async () => {
  const body = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.constant('['.repeat(200_000)))
  await fc.assert(
    fc.asyncProperty(body, async (body) => {
      const url = `https://api.smugmug.com${address}`
      const send = async () => ({ url, status: 200, headers: new Headers(), body, discard: async () => {}, tookMs: 0 })
      await withParsedAnswer(send, systemClock)({ url, signal, expected: 'list' }).catch(expectSentence)
    }),
    { numRuns: 200 },
  )
})

function expectSentence(error: unknown): undefined {
  if (error instanceof SmugdlError && error.kind !== 'bug' && error.what !== '') return undefined
  throw error
}

const readers = {
  user: [user, userOf],
  node: [nodes, nodeOf],
  album: [albums, albumOf],
  image: [images, imageOf],
  rendering: [
    { Url: 'https://photos.smugmug.com/a.mp4', Size: 12, MD5: 'd41d8cd98f00b204e9800998ecf8427e', Width: 1 },
    renderingOf,
  ],
} as const

test.each(Object.entries(readers))(
  'a record with odd places is read or refused: %s (1,000 records)',
  (_, [valid, read]) => {
    expect(valid).toBeDefined()
    fc.assert(
      fc.property(oddly(valid ?? {}), (odd) => {
        const record = onlyExpected(() => read(odd as never, address))
        // What is kept of it can be written down and read again.
        if (record !== undefined) JSON.parse(JSON.stringify(withoutSecrets(odd)))
        shapeOf(odd)
      }),
      { numRuns: 1_000 },
    )
  },
)

test('odd expansions are no small copies (1,000)', () => {
  const uri = '/api/v2/image/kQ3v9Zt-0!sizedetails'
  const record = { ImageKey: 'kQ3v9Zt', Uris: { ImageSizeDetails: uri } }
  fc.assert(
    fc.property(oddValue, (odd) => {
      for (const answer of [odd, { ImageSizeDetails: odd }, { ImageSizeDetails: { ImageSizeSmall: odd } }]) {
        const expansions = new Map([[uri, answer]])
        onlyExpected(() => imageOf(record, address, expansions))
        onlyExpected(() => expandedSmallCopies(uri, expansions))
      }
    }),
    { numRuns: 1_000 },
  )
})

test('a list without end is given up, whatever it announces', async () => {
  const endless = (recordOf: (entry: number) => unknown): Api => {
    let entries = 0
    const get = async (): Promise<Envelope> => {
      const payload = Array.from({ length: 100 }, () => recordOf(entries++))
      return {
        address,
        payload,
        pages: { total: 2 ** 52, next: address },
        response: new Map(),
        expansions: new Map(),
        length: 1000,
        tookMs: 0,
      }
    }
    return { origin: 'https://api.smugmug.com', own: [], now: () => 0, imagesAPage: 100, get }
  }
  const read = async (api: Api) => {
    const items = listed(
      api,
      address,
      { count: 100 },
      (each) => imageOf(each, address),
      ({ key }) => key,
    )
    let received = 0
    for await (const _ of items) received += 1
    return received
  }
  await expect(read(endless((entry) => ({ ImageKey: `k${entry}` })))).rejects.toMatchObject({ kind: 'item' })
  await expect(read(endless(() => ({ FileName: 'a'.repeat(1000) })))).rejects.toMatchObject({
    kind: 'item',
    what: expect.stringContaining('cannot be read'),
  })
})

test('whatever the pages of a list say, reading it ends, each item once (200 lists)', async () => {
  const record = fc.oneof(
    fc.constantFrom('a', 'b', 'c').map((key) => ({ ImageKey: key })),
    oddValue,
  )
  const page = fc.record({
    payload: fc.oneof(fc.array(record, { maxLength: 5 }), oddValue),
    total: fc.option(fc.oneof(fc.nat(10), fc.constantFrom(2 ** 53, 1e308)), { nil: undefined }),
    next: fc.option(fc.constantFrom('/api/v2/test?start=1', 'http://[', '//', '', '?count=0'), { nil: undefined }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(page, { minLength: 1, maxLength: 4 }), async (told) => {
      let asked = 0
      const get = async (): Promise<Envelope> => {
        const { payload, total, next } = told[asked++ % told.length] ?? {}
        return {
          address,
          payload,
          pages: { total, next },
          response: new Map(),
          expansions: new Map(),
          length: 100,
          tookMs: 0,
        }
      }
      const api: Api = { origin: 'https://api.smugmug.com', own: [], now: () => 0, imagesAPage: 100, get }
      const keys: string[] = []
      try {
        const items = listed(
          api,
          address,
          { count: 5 },
          (each) => imageOf(each, address),
          ({ key }) => key,
        )
        for await (const { key } of items) keys.push(key)
      } catch (error) {
        expectSentence(error)
      }
      expect(new Set(keys).size).toBe(keys.length)
      expect(asked).toBeLessThan(5_000)
    }),
    { numRuns: 200 },
  )
})

test('whatever the headers say, a pause is a number that is not negative (2,000 headers)', () => {
  const value = fc.oneof(
    fc.constantFrom('', '-1', '1e999', 'NaN', 'Infinity', '99999999', 'Thu, 01 Jan 1970 00:00:00 GMT', '0x10'),
    fc.string(),
  )
  const names = ['retry-after', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'x-ratelimit-limit']
  fc.assert(
    fc.property(fc.array(value, { minLength: 4, maxLength: 4 }), (values) => {
      const told = new Map(names.map((name, place) => [name, values[place] ?? '']))
      const headers = { get: (name: string) => told.get(name.toLowerCase()) ?? null, keys: () => told.keys() }
      expect(pauseAsked(headers, 1e12)).toBeGreaterThanOrEqual(0)
      const window = rateWindowOf(headers, 1e12)
      for (const each of Object.values(window ?? {})) expect(each).not.toBeNaN()
    }),
    { numRuns: 2_000 },
  )
})

test('whatever a name or a caption holds, it becomes a name or a text (2,000 texts)', () => {
  fc.assert(
    fc.property(oddValue, (odd) => {
      const text = typeof odd === 'string' ? odd : String(Object.keys(Object(odd)))
      expect(safeName(text, 'key')).not.toMatch(/[/\\\0]|^\.{1,2}$/)
      expect(safePath([text, text]).split('/')).not.toContain('..')
      plainText(text)
    }),
    { numRuns: 2_000 },
  )
})

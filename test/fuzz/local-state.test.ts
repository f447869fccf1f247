import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { loadCredentials } from '../../src/app/credentials.ts'
import { held, isOfThisBoot, ownerIn, unreleased } from '../../src/catalog/lock/owner.ts'
import { openArchive } from '../../src/engine/adopt/archive-reader.ts'
import { Staging } from '../../src/engine/files/staging.ts'
import { SmugdlError } from '../../src/error.ts'
import { lines, Peer } from '../../src/plugin-host/protocol.ts'
import { oddly, oddValue } from './odd-json.ts'

const folder = await mkdtemp(join(tmpdir(), 'smugdl-fuzz-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const anyText = fc.string({ unit: 'binary' })

/** What a file of ours may hold after somebody wrote to it: our fields with odd values, other JSON, a part of it, noise. */
function written(valid: object): fc.Arbitrary<string> {
  const whole = oddly(valid).map((value) => JSON.stringify(value) ?? '')
  const part = fc.tuple(whole, fc.nat(100)).map(([text, percent]) => text.slice(0, (text.length * percent) / 100))
  return fc.oneof(whole, part, anyText)
}

test('whatever a lock says, its owner is named or not known (2,000 locks)', () => {
  const valid = { host: 'nas', pid: 12, boot: 'b-o-o-t', command: 'smugdl', since: 1e12 }
  fc.assert(
    fc.property(written(valid), (text) => {
      const owner = ownerIn(text)
      if (owner !== undefined) isOfThisBoot(owner)
      expect(held('/home', owner).kind).toBe('destination')
      expect(unreleased('/home', owner).kind).toBe('destination')
    }),
    { numRuns: 2_000 },
  )
})

test('whatever the file of the login holds, it is a login or a sentence that shows none of it (300 files)', async () => {
  const path = join(folder, 'credentials.json')
  const secret = 'sEcReT-0123456789'
  const valid = {
    origin: 'https://api.smugmug.com',
    apiKey: 'k',
    apiSecret: secret,
    accessToken: 't',
    accessTokenSecret: secret,
  }
  const io = { env: { SMUGDL_CONFIG_DIR: folder }, platform: process.platform, cwd: folder, program: [] }
  await writeFile(path, '', { mode: 0o600 })
  await chmod(path, 0o600)
  await fc.assert(
    fc.asyncProperty(written(valid), async (text) => {
      await writeFile(path, text)
      try {
        const { credentials } = await loadCredentials(io)
        for (const value of Object.values(credentials)) expect(typeof value).toBe('string')
      } catch (error) {
        if (!(error instanceof SmugdlError) || error.kind === 'bug') throw error
        expect(`${error.message} ${error.cause ?? ''}`).not.toContain(secret)
      }
    }),
    { numRuns: 300 },
  )
})

test('whatever stands beside the bytes in staging, no more of them is believed than there are (200 marks)', async () => {
  const output = join(folder, 'home')
  const staging = new Staging(output)
  await staging.prepare()
  await writeFile(staging.path('a'), 'twelve bytes')
  await fc.assert(
    fc.asyncProperty(written({ validator: '"etag"', durable: 5 }), async (text) => {
      await writeFile(join(staging.folder, 'a.mark'), text)
      const again = new Staging(output)
      await again.prepare()
      const { size, validator, durable } = await again.leftover('a')
      expect(size).toBe(12)
      expect(validator === undefined || typeof validator === 'string').toBe(true)
      expect(durable).toBeLessThanOrEqual(12)
      expect(durable).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: 200 },
  )
})

test('whatever a plugin sends, its line is served or is its fault (2,000 streams)', () => {
  const message = oddly({
    call: 1,
    method: 'getState',
    args: ['k'],
    answer: 1,
    value: null,
    error: 'x',
    of: 2,
    tell: 'log',
  })
  const line = fc.oneof(
    message.map((value) => JSON.stringify(value) ?? ''),
    anyText,
    oddValue.map((value) => JSON.stringify(value)),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), fc.integer({ min: 1, max: 50 }), (sent, cut) => {
      const answers: string[] = []
      const peer = new Peer({ send: (text) => answers.push(text), serve: () => null, explain: String, most: 4 })
      peer.call('create').catch(() => {})
      const take = lines((each) => peer.receive(each), 1_000_000)
      const text = sent.join('\n')
      try {
        for (let at = 0; at < text.length; at += Math.max(cut, text.length / 50))
          take(text.slice(at, at + Math.max(cut, text.length / 50)))
      } catch (error) {
        // What `spawn.ts` ends the plugin for.
        expect([SyntaxError, TypeError, RangeError].some((kind) => error instanceof kind)).toBe(true)
      }
      peer.end(new Error('it is over'))
      for (const answer of answers) JSON.parse(answer)
    }),
    { numRuns: 2_000 },
  )
})

/** Two stored files, as APPNOTE has it. */
function archive(): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, body] of [
    ['a.jpg', 'twelve bytes'],
    ['b/c.jpg', 'more'],
  ] as const) {
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50)
    local.writeUInt32LE(body.length, 18)
    local.writeUInt32LE(body.length, 22)
    local.writeUInt16LE(name.length, 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50)
    central.writeUInt32LE(body.length, 20)
    central.writeUInt32LE(body.length, 24)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt32LE(offset, 42)
    parts.push(local, Buffer.from(name + body))
    directory.push(central, Buffer.from(name))
    offset += 30 + name.length + body.length
  }
  const size = Buffer.concat(directory).length
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(2, 8)
  end.writeUInt16LE(2, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, ...directory, end])
}

test('whatever an archive is made of, it is refused, or each entry gives no more than it announces (1,000 archives)', async () => {
  const good = archive()
  const path = join(folder, 'a.zip')
  const change = fc.tuple(fc.nat(good.length - 1), fc.constantFrom(0, 1, 8, 0x7f, 0x80, 0xff))
  let read = 0
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 6 }), fc.nat(40), async (changes, cut) => {
      const bytes = Buffer.from(good)
      for (const [at, value] of changes) bytes[at] = value
      await writeFile(path, bytes.subarray(0, cut < 5 ? bytes.length - cut : bytes.length))
      try {
        await using opened = await openArchive(path)
        for (const { number, size, trouble } of opened.entries) {
          if (trouble !== undefined) continue
          const body = await opened.read(number).then(buffer).catch(isError)
          if (body === undefined) continue
          expect(body.length).toBeLessThanOrEqual(size)
          read += 1
        }
      } catch (error) {
        isError(error)
      }
    }),
    { numRuns: 1_000 },
  )
  expect(read).toBeGreaterThan(100)
})

/** An entry's, or the archive's; `adopt` names it. A broken promise of ours is none. */
function isError(error: unknown): undefined {
  if (!(error instanceof Error) || error instanceof TypeError || error.name === 'AssertionError') throw error
}

import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { stream } from '../../../plugins/s3/sending.ts'

test('what is sent of large files takes little memory and arrives as it is, though the other side is slow and other uploads break off', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'smugdl-sending-'))
  const path = join(folder.path, 'film')
  const bytes = randomBytes(12 * 1024 * 1024)
  await writeFile(path, bytes)
  const sha256 = (start: number) => createHash('sha256').update(bytes.subarray(start)).digest('hex')

  await using server = createServer(async (upload, response) => {
    const hash = createHash('sha256')
    try {
      for await (const chunk of upload) {
        hash.update(chunk)
        await setImmediate()
      }
      response.end(hash.digest('hex'))
    } catch {}
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }

  const memory = new Set<ArrayBufferLike>()
  async function sent(start: number, breaksOff: boolean): Promise<string> {
    const size = bytes.length - start
    let left = 0
    const one = { signal: new AbortController().signal, alive() {}, unreadable() {} }
    const body = stream(path, start, size, one, (count) => {
      left += count
      if (breaksOff && left > size / 2) upload.destroy(new Error('broken off'))
    })
    const upload = request({ port, method: 'PUT', headers: { 'content-length': size } })
    try {
      body.on('data', (chunk: Buffer) => memory.add(chunk.buffer))
      body.pipe(upload)
      const [answer] = await once(upload, 'response')
      return await text(answer)
    } finally {
      body.destroy()
    }
  }

  for (let round = 0; round < 2; round++) {
    const starts = [0, 1, 1000, 4_000_000]
    const broken = [0, 500].map((start) => expect(sent(start, true)).rejects.toThrow('broken off'))
    expect(await Promise.all(starts.map((start) => sent(start, false)))).toEqual(starts.map(sha256))
    await Promise.all(broken)
  }
  expect(memory.size).toBeLessThanOrEqual(6 * 3)
  server.closeAllConnections()
})

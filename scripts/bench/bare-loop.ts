import { createHash } from 'node:crypto'
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Agent } from 'undici'

/*
 * The floor: the least work of any program that gets the finished list. `bare-loop.ts LIST FOLDER COUNT [CA]` fetches each line of LIST (address, tab, path),
 * COUNT at once, hashes it twice, syncs it and gives it its name by a link. No retry, no check, no memory of what it did.
 */
const [list = '', folder = '', count = '8', ca] = process.argv.slice(2)
const lines = (await readFile(list, 'utf8')).split('\n').filter((line) => line !== '')
const agent = new Agent({ connections: Number(count), connect: ca ? { ca: await readFile(ca, 'utf8') } : {} })
await mkdir(join(folder, 'staging'), { recursive: true })
let next = 0

async function worker(): Promise<void> {
  while (next < lines.length) {
    const number = next++
    const [address = '', path = ''] = (lines[number] ?? '').split('\t')
    const { origin, pathname } = new URL(address)
    const { body, statusCode } = await agent.request({ origin, path: pathname, method: 'GET' })
    if (statusCode !== 200) throw new Error(`${address}: ${statusCode}`)
    const staged = join(folder, 'staging', String(number))
    const target = join(folder, path)
    const file = await open(staged, 'wx')
    const hashes = [createHash('md5'), createHash('sha256')]
    await pipeline(body, async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        for (const hash of hashes) hash.update(chunk)
        await file.write(chunk)
      }
    })
    await file.sync()
    await file.close()
    await mkdir(dirname(target), { recursive: true })
    await link(staged, target)
    await unlink(staged)
    for (const hash of hashes) hash.digest()
  }
}

await Promise.all(Array.from({ length: Number(count) }, worker))
await agent.close()

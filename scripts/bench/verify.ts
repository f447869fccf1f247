import { mkdtempSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { places } from './cases.ts'
import { type Cost, least, measured } from './measure.ts'
import { startServer } from './start-server.ts'

interface Options {
  /** What smugdl is started by. */
  command: readonly string[]
  folder: string
  all: boolean
  rounds: number
}

/** `verify` of homes that the system has in its memory beside `openssl dgst -sha256` of the same files, one on each core, in turns. */
export async function verifying({ command, folder, all, rounds }: Options): Promise<string> {
  const accounts = [
    { albums: all ? 700 : 80, imagesPerAlbum: 100, bytes: 30_000 },
    { albums: all ? 14 : 4, imagesPerAlbum: 50, bytes: 3_000_000 },
  ]
  const lines = [
    '**verify**',
    '',
    '| pictures | of bytes | program | seconds | × openssl | processor, s | µs a picture | peak, MB |',
    `|${' --- |'.repeat(8)}`,
  ]
  for (const account of accounts) {
    const images = account.albums * account.imagesPerAlbum
    for (const [program, { seconds, processor, memory }, times] of await compared(account)) {
      const each = ((processor / images) * 1e6).toFixed(0)
      const cells = [seconds.toFixed(2), times.toFixed(2), processor.toFixed(2), each, memory.toFixed(0)]
      const [pictures, bytes] = [images.toLocaleString('en'), account.bytes.toLocaleString('en')]
      lines.push(`| ${[pictures, bytes, `\`${program}\``, ...cells].join(' | ')} |`)
    }
  }
  return `${lines.join('\n')}\n`

  async function compared(account: { albums: number; imagesPerAlbum: number; bytes: number }) {
    const server = await startServer({ ...places.near, ...account, listCostMs: 0 })
    const home = join(mkdtempSync(join(folder, 'home-')), 'photos')
    const env = { ...server.served.environment, SMUGDL_CONFIG_DIR: join(folder, 'config') }
    const eachTime = Math.ceil((account.albums * account.imagesPerAlbum) / availableParallelism() / 4)
    const openssl = `find "$0" -path "$0/.smugdl" -prune -o -type f -print0 | xargs -0 -P ${availableParallelism()} -n ${eachTime} openssl dgst -sha256 -r`
    const programs = {
      openssl: ['sh', '-c', openssl, home],
      verify: [...command, 'verify', '-o', home],
      'verify --quick': [...command, 'verify', '--quick', '-o', home],
    }
    try {
      await measured([...command, 'download', '-q', '-o', home], { folder, env })
      const costs = new Map<string, Cost>()
      for (let round = 0; round < rounds; round++) {
        for (const [name, args] of Object.entries(programs))
          costs.set(name, least(costs.get(name), await measured(args, { folder, env })))
      }
      const fastest = costs.get('openssl')?.seconds ?? Number.NaN
      return [...costs].map(([name, cost]) => [name, cost, cost.seconds / fastest] as const)
    } finally {
      server.stop()
    }
  }
}

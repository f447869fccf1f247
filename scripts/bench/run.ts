import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { photoUrl } from '../../src/simulator/photo-url.ts'
import { type Simulator, simulate } from '../../src/simulator/simulate.ts'
import { World } from '../../src/simulator/world.ts'

/*
 * How long a first run takes beside `curl -Z` that is handed the finished list of addresses, and how much memory each kind of run
 * takes. Every answer comes after --delay milliseconds, as from a server far away.
 */
const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '1200' },
    albums: { type: 'string', default: '60' },
    /** Bytes of a picture. */
    size: { type: 'string', default: '1000000' },
    /** Milliseconds. */
    delay: { type: 'string', default: '60' },
    program: { type: 'string', default: join(import.meta.dirname, '../../dist/smugdl.mjs') },
  },
})
const [images, albums, size, delay] = [values.images, values.albums, values.size, values.delay].map(Number) as [
  number,
  number,
  number,
  number,
]
const command = values.program.endsWith('.mjs') ? [process.execPath, values.program] : [values.program]
const folder = mkdtempSync(join(tmpdir(), 'smugdl-bench-'))

try {
  await using simulator = await simulate(account())
  if (delay > 0) simulator.faults.add({ path: '', do: { kind: 'delay', ms: delay } })
  console.log(`${images} pictures of ${size} bytes in ${albums} albums, ${delay} ms away, 8 at once\n`)
  console.log('| | seconds | processor seconds | peak memory, MB |\n|---|---|---|---|')
  const list = join(folder, 'list')
  writeFileSync(list, addresses(simulator))
  row(
    '`curl -Z` with the finished list',
    await run(['curl', '--no-progress-meter', '-Z', '--parallel-max', '8', '-K', list], simulator),
  )
  const home = join(folder, 'home')
  row('first run', await run([...command, '-o', home, '-q'], simulator))
  row('nothing new', await run([...command, '-o', home, '-q'], simulator))
  row('everything listed again (`--full`)', await run([...command, '-o', home, '-q', '--full'], simulator))
  row('`check`', await run([...command, 'check', '-o', home], simulator))
  row('`verify --quick`', await run([...command, 'verify', '--quick', '-o', home], simulator))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function account(): World {
  const world = new World()
  for (let number = 0; number < albums; number++) {
    const album = world.addAlbum({ name: `Album ${number}` })
    for (let each = 0; each < images / albums; each++) world.addImage(album, { fileName: `${each}.jpg`, size })
  }
  return world
}

/** For curl, each with the file that it goes to. */
function addresses({ world, photosOrigin }: Simulator): string {
  const lines = ['create-dirs']
  for (const image of world.images.values()) {
    const [album] = image.albums
    lines.push(`url = "${photoUrl(image, album, 'D', 'jpg', photosOrigin)}"`)
    lines.push(`output = "${join(folder, 'curl', album?.name ?? '', image.fileName)}"`)
  }
  return lines.join('\n')
}

interface Cost {
  seconds: number
  processorSeconds: number
  /** Megabytes; none where the system does not say. */
  peak: number | undefined
}

async function run([file = '', ...args]: readonly string[], { environment }: Simulator): Promise<Cost> {
  const startedAt = performance.now()
  const child = spawn(file, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'ignore', 'inherit'] })
  let usage: Omit<Cost, 'seconds'> = { peak: undefined, processorSeconds: 0 }
  const watch = setInterval(() => {
    usage = usageOf(child) ?? usage
  }, 50)
  const [code] = await once(child, 'exit')
  clearInterval(watch)
  if (code !== 0) throw new Error(`${file} ended with ${code}`)
  return { seconds: (performance.now() - startedAt) / 1000, ...usage }
}

/** What Linux reports of a process while it lives. */
function usageOf({ pid }: ChildProcess): Omit<Cost, 'seconds'> | undefined {
  try {
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    const [user = 0, system = 0] =
      readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? []
    // Of one that has ended and was not waited for yet, no memory is reported.
    return peak === undefined ? undefined : { peak: Number(peak) / 1000, processorSeconds: (user + system) / 100 }
  } catch {
    return undefined
  }
}

function row(name: string, { seconds, processorSeconds, peak }: Cost): void {
  console.log(`| ${name} | ${seconds.toFixed(1)} | ${processorSeconds.toFixed(1)} | ${peak?.toFixed(0) ?? '?'} |`)
}

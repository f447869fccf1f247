import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { executableName, targetOf } from '../targets.ts'

/*
 * How long a user waits before anything happens, measured on this machine's executable (npm run pack makes it). The
 * fastest of many runs counts: whatever else the machine does can only add to it. What is asked for is in brackets; the
 * ceilings that make this fail are looser, so that a busy machine does not.
 */
const runs = 25
const ceilings = { startRatio: 4, firstRequestRatio: 12, megabytes: 125 }

const root = dirname(dirname(import.meta.dirname))
const target = targetOf(process.platform, process.arch)
const executable = join(root, 'dist', executableName(packageJson.version, target))
const folder = mkdtempSync(join(tmpdir(), 'smugdl-bench-'))
try {
  const empty = join(folder, 'empty.cjs')
  writeFileSync(empty, '')
  const fastest = fastestOf({
    bare: [process.execPath, empty],
    '--version': [executable, '--version'],
    '--help': [executable, '--help'],
  })
  const bare = fastest.get('bare') ?? Number.NaN
  console.log(`bare Node ${bare.toFixed(0)} ms, the fastest of ${runs}`)
  for (const flag of ['--version', '--help']) {
    const took = fastest.get(flag) ?? Number.NaN
    show(`${flag} ${took.toFixed(0)} ms, × bare`, took / bare, '≤ 1.3', ceilings.startRatio)
  }
  show('download, ms until its first request', await fastestFirstRequest(), '≤ 200', ceilings.firstRequestRatio * bare)
  show(
    'executable, MB',
    statSync(executable).size / 1e6,
    target.platform === 'linux' ? '≤ 120; Node alone is 116' : '',
    ceilings.megabytes,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Milliseconds. In turns, so that all meet the same machine. */
function fastestOf(commands: Record<string, [string, ...string[]]>): Map<string, number> {
  const fastest = new Map<string, number>()
  for (let run = 0; run < runs; run++) {
    for (const [name, [program, ...args]] of Object.entries(commands)) {
      const started = performance.now()
      const { status } = spawnSync(program, args)
      if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}`)
      fastest.set(name, Math.min(performance.now() - started, fastest.get(name) ?? Number.POSITIVE_INFINITY))
    }
  }
  return fastest
}

async function fastestFirstRequest(): Promise<number> {
  const server = createServer((_, response) => response.writeHead(503).end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const env = {
    SMUGDL_API_ORIGIN: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    SMUGDL_API_KEY: 'key',
    SMUGDL_API_SECRET: 'secret',
    SMUGDL_ACCESS_TOKEN: 'token',
    SMUGDL_ACCESS_TOKEN_SECRET: 'secret',
    SMUGDL_CONFIG_DIR: join(folder, 'config'),
  }
  let fastest = Number.POSITIVE_INFINITY
  for (let run = 0; run < runs; run++) {
    const started = performance.now()
    const child = spawn(executable, ['download', '-o', join(folder, 'photos')], { env, stdio: 'ignore' })
    const ended = once(child, 'exit')
    const first = await Promise.race([once(server, 'request').then(() => 'request'), ended.then(() => 'end')])
    if (first === 'end') throw new Error('download ended without a request')
    fastest = Math.min(fastest, performance.now() - started)
    child.kill('SIGKILL')
    await ended
  }
  server.close()
  server.closeAllConnections()
  return fastest
}

function show(what: string, value: number, wanted: string, ceiling: number): void {
  console.log(`${what}: ${value < 10 ? value.toFixed(2) : value.toFixed(0)}${wanted && ` (wanted: ${wanted})`}`)
  if (value > ceiling) {
    console.error(`${what} is above the ceiling of ${ceiling.toFixed(0)}`)
    process.exitCode = 1
  }
}

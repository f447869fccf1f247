import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import packageJson from '../../package.json' with { type: 'json' }
import { testCertificate } from '../../test/smugmug/certificate.ts'
import { executableName, targetOf } from '../targets.ts'
import { type Case, cases, places } from './cases.ts'
import { chart } from './chart.ts'
import { growth, listing } from './kinds-of-runs.ts'
import { type Cost, least, measured } from './measure.ts'
import type { Served } from './server.ts'
import { startServer } from './start-server.ts'
import { verifying } from './verify.ts'

/*
 * `npm run bench`: a first run beside `curl -Z` and `aria2c`, which are handed the finished list, and beside the floor (`bare-loop.ts`), in turns.
 * scripts/bench/README.md says what it measures and how to read it.
 */
const root = dirname(dirname(import.meta.dirname))
const { values: flags } = parseArgs({
  options: {
    /** `small`, `far/small`, `near`, `growth`, `listing`, `verify`: what it is part of is measured. */
    case: { type: 'string', multiple: true },
    all: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    /** Downloads at once of curl, aria2c and the floor. */
    parallel: { type: 'string', default: '8' },
    /** More arguments for smugdl. */
    with: { type: 'string', default: '' },
    program: {
      type: 'string',
      default: join(root, 'dist', executableName(packageJson.version, targetOf(process.platform, process.arch))),
    },
    dir: { type: 'string', default: tmpdir() },
    /** Also into `results.md` and `results.svg`. */
    write: { type: 'boolean', default: false },
  },
})
const hasAria = spawnSync('aria2c', ['--version']).status === 0
const programs = ['curl', 'aria2c', 'floor', 'smugdl'] as const
type Program = (typeof programs)[number]

/** Of one program in one case, each the least of all rounds. */
export interface Row extends Cost {
  program: Program
  requests: number
}

export interface Result {
  name: string
  images: number
  bytes: number
  /** Of the server, for all pictures. */
  server: number
  rows: readonly Row[]
}

const command = flags.program.endsWith('.mjs') ? [process.execPath, flags.program] : [flags.program]
const isWanted = (name: string) => flags.case === undefined || flags.case.some((part) => name.includes(part))
const tables: string[] = []
const tell = (table: string) => {
  tables.push(table)
  console.log(table)
}
const folder = mkdtempSync(join(flags.dir, 'smugdl-bench-'))
try {
  if (!existsSync(flags.program)) throw new Error(`${flags.program} is not there: npm run pack makes it`)
  const results: Result[] = []
  for (const [place, line] of Object.entries(places)) {
    for (const each of cases) {
      const name = `${place}/${each.name}`
      if (!isWanted(name)) continue
      const result = await compare(name, each, line)
      results.push(result)
      tell(tableOf(result))
    }
  }
  for (const [name, measure] of Object.entries({ growth, listing, verify: verifying }))
    if (isWanted(name)) tell(await measure({ command, folder, all: flags.all, rounds: Number(flags.rounds) }))
  if (flags.write) {
    writeFileSync(join(import.meta.dirname, 'results.md'), `${machine()}\n\n${tables.join('\n')}`)
    writeFileSync(join(import.meta.dirname, 'results.svg'), chart(results))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function compare(name: string, each: Case, line: (typeof places)[keyof typeof places]): Promise<Result> {
  const account = flags.all
    ? each.whole
    : { albums: each.albums, imagesPerAlbum: each.imagesPerAlbum, bytes: each.bytes }
  const server = await startServer({ ...account, ...line, listCostMs: 0 })
  const homes = mkdtempSync(join(folder, 'homes-'))
  try {
    const rows = new Map<Program, Row>()
    let most = Number.POSITIVE_INFINITY
    for (let round = 0; round < Number(flags.rounds); round++) {
      for (const program of programs) {
        if (program === 'aria2c' && !hasAria) continue
        const before = await server.work()
        const cost = await run(program, server.served, join(homes, `${round}-${program}`))
        const after = await server.work()
        if (program === 'curl') most = Math.min(most, after.processor - before.processor)
        const requests = after.requests - before.requests
        rows.set(program, { program, requests, ...least(rows.get(program), cost) })
      }
    }
    const images = account.albums * account.imagesPerAlbum
    return { name, images, bytes: account.bytes, server: most / 1000, rows: [...rows.values()] }
  } finally {
    server.stop()
    // Few and large ones only, for the room: see the trap in README.md.
    if (account.bytes > 1_000_000) rmSync(homes, { recursive: true, force: true })
  }
}

function run(program: Program, { environment, urls }: Served, home: string): Promise<Cost> {
  const [list, certificate] = [join(folder, 'list'), join(folder, 'certificate.pem')]
  writeFileSync(certificate, testCertificate.cert)
  mkdirSync(home, { recursive: true })
  const write = (line: (url: string, number: number) => string) => writeFileSync(list, urls.map(line).join('\n'))
  switch (program) {
    case 'curl':
      write((url, number) => `url = "${url}"\noutput = "${join(home, String(number))}"`)
      return measured(
        ['curl', '--no-progress-meter', '--cacert', certificate, '-Z', '--parallel-max', flags.parallel, '-K', list],
        { folder },
      )
    case 'aria2c':
      write((url, number) => `${url}\n  out=${number}`)
      return measured(
        [
          ...['aria2c', '-q', '-i', list, '-d', home, '-j', flags.parallel, `--ca-certificate=${certificate}`],
          ...['-x', '1', '--file-allocation=none', '--summary-interval=0', '--download-result=hide'],
        ],
        { folder },
      )
    case 'floor':
      write((url, number) => `${url}\t${Math.floor(number / 100)}/${number}.jpg`)
      return measured(
        [process.execPath, join(import.meta.dirname, 'bare-loop.ts'), list, home, flags.parallel, certificate],
        { folder },
      )
    case 'smugdl': {
      const env = { ...environment, SSL_CERT_FILE: certificate, SMUGDL_CONFIG_DIR: join(folder, 'config') }
      const more = flags.with === '' ? [] : flags.with.split(' ')
      return measured([...command, 'download', '-q', '-o', join(home, 'photos'), ...more], { folder, env })
    }
  }
}

function tableOf({ name, images, bytes, server, rows }: Result): string {
  const of = (program: Program) => rows.find((row) => row.program === program)?.seconds ?? Number.NaN
  const times = (seconds: number, other: Program) => (seconds / of(other)).toFixed(2)
  const lines = rows.map(({ program, seconds, processor, memory, requests }) =>
    [
      ...['', program, seconds.toFixed(2), times(seconds, 'curl'), times(seconds, 'floor'), processor.toFixed(2)],
      ...[((processor / images) * 1000).toFixed(2), memory.toFixed(0), requests.toLocaleString('en'), ''],
    ].join(' | '),
  )
  return [
    `**${name}**: ${images.toLocaleString('en')} pictures of ${bytes.toLocaleString('en')} bytes (the server: ${server.toFixed(1)} s of processor)`,
    '',
    '| program | seconds | × curl | × floor | processor, s | ms a picture | peak, MB | requests |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines.map((line) => line.trim()),
    '',
  ].join('\n')
}

function machine(): string {
  const version = (...[name = '', ...args]: readonly string[]) =>
    spawnSync(name, [...args, '--version'])
      .stdout.toString()
      .split('\n')[0]
  const [cpu] = cpus()
  return `${cpus().length} × ${cpu?.model}, Node ${process.versions.node}, ${version('curl')}, ${version('aria2c')}, ${version(...command)}; the least of ${flags.rounds} rounds`
}

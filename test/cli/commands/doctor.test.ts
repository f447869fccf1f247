import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogPath } from '../../../src/app/output.ts'
import { Catalog } from '../../../src/catalog/catalog.ts'
import { RunLock } from '../../../src/catalog/lock/lock.ts'
import { cli } from '../../../src/cli/cli.ts'
import { simulate } from '../../../src/simulator/simulate.ts'
import { World } from '../../../src/simulator/world.ts'
import { testCertificate } from '../../smugmug/certificate.ts'
import { Inside } from '../inside.ts'
import { testIo } from '../world.ts'

function oneImage(): World {
  const world = new World()
  world.addImage(world.addAlbum({ name: 'One' }), { fileName: 'a.jpg' })
  return world
}

interface Check {
  check: string
  state: string
  says: string
  next?: string
}

/** What the doctor says, by what was looked at. */
async function examined(scene: Inside, env: Record<string, string | undefined> = {}, ...args: string[]) {
  const { code, out, err } = await scene.smugdl(['doctor', '--json', ...args], env)
  const { ok, checks }: { ok: boolean; checks: Check[] } = JSON.parse(out)
  expect([code, err]).toEqual([ok ? 0 : 1, ''])
  return { code, of: Object.fromEntries(checks.map((each) => [each.check, each])) }
}

const noLogin = {
  SMUGDL_API_KEY: undefined,
  SMUGDL_API_SECRET: undefined,
  SMUGDL_ACCESS_TOKEN: undefined,
  SMUGDL_ACCESS_TOKEN_SECRET: undefined,
}

describe('smugdl doctor', () => {
  it('finds nothing wrong where all is well, as its golden file tells', async () => {
    await using scene = await Inside.of(oneImage())
    await scene.download()
    const { code, out, err } = await scene.smugdl(['doctor'])
    const steady = out
      .replaceAll(scene.folder, '<folder>')
      .replaceAll(new URL(scene.smugmug.origin).host, '<host>')
      .replace(/smugdl \S+ \(.*\)/, '<version>')
      .replace(/[\d.]+ .B free/, '<space> free')
      .replace(/^warn( {2}space .*?)\. Free.*$/m, 'ok  $1')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, '<time>')
      .replace(/in [\d.]+ s$/m, 'in <time>')
      .replace(/\d+ min( \d+ s)?|1 h 00 min/, '<time>')
      .replace(/[\d,]+ requests/, '<count> requests')
      .replace(/\(mode \d+\)/, '(mode <mode>)')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    await expect(steady).toMatchFileSnapshot('golden/doctor.txt')
  })

  it('is one object for a program', async () => {
    await using scene = await Inside.of(oneImage())
    const { out } = await scene.smugdl(['doctor', '--json'])
    expect(out.match(/\n/g)).toHaveLength(1)
    expect(JSON.parse(out)).toMatchObject({ type: 'doctor', ok: true, node: process.version, arch: process.arch })
  })

  it('holds no secret, no account and no home, so that it can be pasted', async () => {
    await using scene = await Inside.of(oneImage())
    const env = {
      HTTP_PROXY: 'http://jane:pass-word@localhost:1',
      NO_PROXY: '127.0.0.1',
      SMUGDL_OUTPUT: join(homedir(), 'smugmug'),
    }
    const said = [await scene.smugdl(['doctor'], env), await scene.smugdl(['doctor', '--json'], env)]
    for (const { out } of said) {
      expect(out).toContain('localhost:1, except for hosts in NO_PROXY')
      expect(out).toContain(join('~', 'smugmug'))
      for (const secret of [...Object.values(scene.smugmug.credentials), 'pass-word', 'jane', homedir()])
        expect(out).not.toContain(secret)
    }
  })

  it('sends two requests, changes nothing, and makes no output', async () => {
    await using scene = await Inside.of(oneImage())
    const before = await readdir(scene.folder, { recursive: true })
    await scene.smugdl(['doctor'])
    expect(scene.smugmug.requests.map(({ path, signed }) => [path.split('?')[0], signed])).toEqual([
      ['/api/v2!authuser', false],
      ['/api/v2!authuser', true],
    ])
    expect(await readdir(scene.folder, { recursive: true })).toEqual(before)
  })

  it('looks at all else where nobody is logged in', async () => {
    await using scene = await Inside.of(oneImage())
    const { code, of } = await examined(scene, noLogin)
    expect([code, of.credentials, of.network?.state, of.login]).toEqual([
      0,
      {
        check: 'credentials',
        state: 'warn',
        says: 'Nobody is logged in',
        next: expect.stringContaining('Run smugdl login'),
      },
      'ok',
      undefined,
    ])
  })

  it('looks at all else where there is no network', async () => {
    await using scene = await Inside.of(oneImage())
    await scene.smugmug.close()
    const { code, of } = await examined(scene)
    expect([code, of.network?.state, of.login]).toEqual([1, 'fail', undefined])
    expect(of.network?.says).toContain('it refuses connections')
    expect(of.catalog?.says).toBe('No run was made in the output yet')
  })

  it('tells how far the clock is off', async () => {
    await using smugmug = await simulate()
    const env = { ...smugmug.environment, SMUGDL_CONFIG_DIR: '/nowhere/config' }
    const io = testIo({ env, now: () => Date.now() - 10 * 60_000 })
    expect(await cli(['doctor'], { io, secrets: new Set() })).toBe(0)
    expect(io.out()).toMatch(/^warn {2}clock {8}(9|10) min \d\d s behind the server's\. Set the clock/m)
  })
})

describe('the doctor names as a fault', () => {
  it('a login that SmugMug does not take', async () => {
    await using scene = await Inside.of(oneImage())
    scene.smugmug.revoke()
    const { of } = await examined(scene)
    expect(of.login).toMatchObject({ state: 'fail', next: 'Run "smugdl login"' })
  })

  it('a login that others on this computer may read', async () => {
    await using scene = await Inside.of(oneImage())
    const path = join(scene.folder, 'credentials.json')
    await writeFile(path, '{}')
    await chmod(path, 0o644)
    const { of } = await examined(scene, noLogin)
    expect(of.credentials).toMatchObject({ state: 'fail', next: expect.stringContaining('chmod 600') })
  })

  it('a server whose certificate nobody vouches for, until SSL_CERT_FILE does', async () => {
    await using scene = await Inside.of(oneImage())
    await using smugmug = await simulate(oneImage(), { tls: testCertificate })
    const pem = join(scene.folder, 'ca.pem')
    await writeFile(pem, testCertificate.cert)
    const before = await examined(scene, smugmug.environment)
    expect(before.of.network).toMatchObject({ state: 'fail', next: expect.stringContaining('--ca-file') })
    const after = await examined(scene, { ...smugmug.environment, SSL_CERT_FILE: pem })
    expect([after.of.network?.state, after.of.login?.state]).toEqual(['ok', 'ok'])
  })

  it.each([
    ['a missing SSL_CERT_FILE', { SSL_CERT_FILE: '/nowhere/ca.pem' }, 'settings'],
    ['a proxy that is none', { HTTPS_PROXY: 'socks5://localhost' }, 'settings'],
    ['a proxy that does not answer', { HTTP_PROXY: 'http://127.0.0.1:1' }, 'network'],
  ])('%s', async (_name, env, check) => {
    await using scene = await Inside.of(oneImage())
    const { of } = await examined(scene, env)
    expect(of[check]?.state).toBe('fail')
    expect(of.plugins?.state).toBe('ok')
  })

  it('an output that is a file', async () => {
    await using scene = await Inside.of(oneImage())
    await writeFile(scene.output, '')
    expect((await examined(scene)).of.output).toMatchObject({ state: 'fail', says: `${scene.output} is not a folder` })
  })

  it('a broken catalog', async () => {
    await using scene = await Inside.of(oneImage())
    await mkdir(dirname(catalogPath(scene.output)), { recursive: true })
    await writeFile(catalogPath(scene.output), 'no database '.repeat(1000))
    expect((await examined(scene)).of.catalog).toMatchObject({ state: 'fail', next: expect.stringContaining('adopt') })
  })
})

describe('the doctor warns of', () => {
  it('a home of another account than the login, without the name of either', async () => {
    await using scene = await Inside.of(oneImage())
    await scene.download()
    expect((await examined(scene)).of.home).toBe(undefined)
    {
      using catalog = Catalog.open(catalogPath(scene.output))
      catalog.account.put({ root: 'Other1', nickName: 'jonas', name: 'Jonas', raw: {}, treeWalkedAt: undefined })
    }
    const { of } = await examined(scene)
    expect([of.login?.state, of.home?.state]).toEqual(['ok', 'fail'])
    expect(JSON.stringify(of)).not.toMatch(/jonas|janedoe/i)
  })

  it('a login that sees public pictures only', async () => {
    await using scene = await Inside.of(oneImage())
    await using smugmug = await simulate(oneImage(), { granted: 'Public' })
    const { of } = await examined(scene, smugmug.environment)
    expect(of.access).toMatchObject({ state: 'warn', says: expect.stringContaining('public pictures only') })
  })

  it('a rate limit, without waiting for its end', async () => {
    await using scene = await Inside.of(oneImage())
    await using smugmug = await simulate(oneImage(), { rateLimit: { requests: 0, windowSeconds: 3600 } })
    const { of } = await examined(scene, smugmug.environment)
    expect(of.login?.says).toMatch(/^SmugMug asks to wait for (59 min|1 h)/)
    expect(of.requests).toMatchObject({ state: 'warn', says: expect.stringMatching(/^0 requests left/) })
  })

  it('a lock that a run on another machine left', async () => {
    await using scene = await Inside.of(oneImage())
    await scene.download()
    const owner = { host: 'elsewhere', pid: 7, boot: 'x', command: 'download', since: 0 }
    await writeFile(join(scene.output, '.smugdl/lock'), JSON.stringify(owner))
    const { of } = await examined(scene)
    expect(of.lock).toMatchObject({ state: 'warn', next: expect.stringContaining('--unlock') })
    expect(of.lock?.says).not.toContain('elsewhere')
  })

  it('nothing while a run is under way', async () => {
    await using scene = await Inside.of(oneImage())
    await scene.download()
    using _lock = RunLock.acquire(scene.output, { command: 'download', now: Date.now() })
    const { of } = await examined(scene)
    expect(of.lock).toMatchObject({ state: 'ok', says: expect.stringContaining(`process ${process.pid}`) })
  })

  it('a plugin that cannot be used, and runs none', async () => {
    await using scene = await Inside.of(oneImage())
    await mkdir(join(scene.folder, 'plugins'))
    await writeFile(join(scene.folder, 'plugins/trap.mjs'), `process.exit(99)`)
    expect((await examined(scene)).of.plugin).toMatchObject({
      state: 'ok',
      says: expect.stringMatching(/^trap: .*mjs$/),
    })
    await chmod(join(scene.folder, 'plugins/trap.mjs'), 0o666)
    expect((await examined(scene)).of.plugin).toMatchObject({
      state: 'warn',
      next: expect.stringContaining('chmod o-w'),
    })
  })
})

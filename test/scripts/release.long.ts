import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { NtExecutable, NtExecutableResource, Resource } from 'resedit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { readSignature } from '../../scripts/macho-sign.ts'
import { pack } from '../../scripts/pack.ts'
import { startCmdName } from '../../scripts/release/start-cmd.ts'
import { release } from '../../scripts/release.ts'
import { nameOf, targetOf, targets } from '../../scripts/targets.ts'

/*
 * Debian packages: patchelf binutils-x86-64-linux-gnu binutils-aarch64-linux-gnu libatomic1 libatomic1-arm64-cross
 * qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross xz-utils zip unzip groff. Root, for chroot.
 */
const run = promisify(execFile)
const { version } = packageJson

let folder: string
let output: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smugdl-release-'))
  output = join(folder, 'release')
  await release(output)
  await Promise.all(
    targets.map(async (target) => {
      const archive = join(output, archiveOf(nameOf(target)))
      await (archive.endsWith('.zip')
        ? run('unzip', ['-q', archive, '-d', folder])
        : run('tar', ['-xJf', archive, '-C', folder]))
    }),
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function archiveOf(name: string): string {
  return `smugdl-${version}-${name}.${name.startsWith('linux') ? 'tar.xz' : 'zip'}`
}

function unpacked(name: string, file = name.startsWith('windows') ? 'smugdl.exe' : 'smugdl'): string {
  return join(folder, `smugdl-${version}-${name}`, file)
}

const ownLinux = unpackedLater(nameOf(targetOf(process.platform, process.arch)))
function unpackedLater(name: string): () => string {
  return () => unpacked(name)
}

describe('every archive', () => {
  test('has the sum that SHA256SUMS says, and nothing that is downloaded is missing there', async () => {
    await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: output })
    const listed = (await readFile(join(output, 'SHA256SUMS'), 'utf8')).trimEnd().split('\n')
    const files = (await readdir(output, { withFileTypes: true })).filter((entry) => entry.isFile())
    expect(listed).toHaveLength(files.length - 1)
  })

  test.each(targets.map(nameOf))('%s holds program, manual, completions, license and notices', async (name) => {
    const files = await readdir(dirname(unpacked(name)), { recursive: true })
    expect(files.sort()).toEqual(
      [
        'LICENSE',
        'THIRD-PARTY-NOTICES.txt',
        'completions',
        'completions/_smugdl',
        'completions/smugdl.bash',
        'completions/smugdl.fish',
        'completions/smugdl.ps1',
        ...(name.startsWith('linux') ? ['libatomic.so.1'] : []),
        ...(name.startsWith('windows') ? [startCmdName] : []),
        'smugdl.1',
        basename(unpacked(name)),
      ].sort(),
    )
    const notices = await readFile(unpacked(name, 'THIRD-PARTY-NOTICES.txt'), 'utf8')
    for (const part of ['Node.js', 'undici', 'valibot']) expect(notices).toMatch(new RegExp(`^${part} \\d`, 'm'))
    expect(/^libatomic/m.test(notices)).toBe(name.startsWith('linux'))
  })

  test('of Linux is at most 40 MB, and its program 125 MB, of which Node alone is 116', async () => {
    for (const name of ['linux-x64', 'linux-arm64']) {
      expect((await stat(join(output, archiveOf(name)))).size).toBeLessThanOrEqual(40e6)
      expect((await stat(unpacked(name))).size).toBeLessThanOrEqual(125e6)
    }
  })
})

describe('every program', () => {
  test.each([
    ['linux-x64', 'ELF 64-bit LSB .*x86-64'],
    ['linux-arm64', 'ELF 64-bit LSB .*ARM aarch64'],
    ['macos-x64', 'Mach-O 64-bit x86_64 executable'],
    ['macos-arm64', 'Mach-O 64-bit arm64 executable'],
    ['windows-x64', 'PE32\\+ executable.*\\(console\\).*x86-64'],
  ])('%s is one for its machine, and carries our code', async (name, format) => {
    const { stdout } = await run('file', ['-b', unpacked(name)])
    expect(stdout).toMatch(new RegExp(format))
    const program = await readFile(unpacked(name))
    expect(program.includes('NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:1')).toBe(true)
    expect(program.includes('SMUGDL_API_ORIGIN')).toBe(true)
  })

  test.each(['linux-x64', 'linux-arm64'])('%s looks for libraries beside it and needs glibc 2.28', async (name) => {
    const objdump = `${name === 'linux-arm64' ? 'aarch64' : 'x86_64'}-linux-gnu-objdump`
    const { stdout: header } = await run(objdump, ['-p', unpacked(name)])
    expect(header).toMatch(/RUNPATH\s+\$ORIGIN\n/)
    for (const file of ['smugdl', 'libatomic.so.1']) {
      const { stdout } = await run(objdump, ['-T', unpacked(name, file)], { maxBuffer: 1e9 })
      const minors = [...stdout.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor))
      expect(Math.max(...minors)).toBeLessThanOrEqual(28)
    }
  })

  test.each(['macos-x64', 'macos-arm64'])('%s has a signature that fits every page', async (name) => {
    const [directory] = readSignature(await readFile(unpacked(name)))
    expect(directory).toMatchObject({ identifier: 'smugdl', hash: 'sha256', wrong: [] })
  })

  test('windows-x64 says who it is and takes long paths', async () => {
    const program = NtExecutable.from(await readFile(unpacked('windows-x64')), { ignoreCert: true })
    const { entries } = NtExecutableResource.from(program)
    const [info] = Resource.VersionInfo.fromEntries(entries)
    expect(info?.getStringValues({ lang: 1033, codepage: 1200 })).toMatchObject({
      ProductName: 'smugdl',
      ProductVersion: version,
    })
    const manifest = Buffer.from(entries.find(({ type }) => type === 24)?.bin ?? new ArrayBuffer(0)).toString()
    expect(manifest).toMatch(/<longPathAware [^>]+>true</)
  })

  test('is the same when it is packed again elsewhere', async () => {
    for await (const path of pack([targetOf(process.platform, process.arch)], join(folder, 'again'))) {
      expect((await readFile(path)).equals(await readFile(ownLinux()))).toBe(true)
    }
  })
})

describe('the program runs', () => {
  test('whatever NODE_OPTIONS says, with an empty PATH', async () => {
    const { stdout } = await run(ownLinux(), ['--version'], { env: { NODE_OPTIONS: '--nonsense', PATH: '' } })
    expect(stdout).toContain(version)
  })

  test('in a system of libc, libstdc++ and nothing else: no libatomic, no Node, no shell', async () => {
    const system = join(folder, 'system')
    await makeMinimalSystem(system, dirname(ownLinux()))
    const inside = '/opt/smugdl/smugdl'
    const script = `mount --bind /proc "$0/proc" && mount --bind /dev "$0/dev" && exec chroot "$0" ${inside} "$@"`
    const smugdl = (...args: string[]) =>
      run('unshare', ['--mount', 'sh', '-c', script, system, ...args], { env: { PATH: process.env.PATH } })
    await rm(join(system, 'opt/smugdl/libatomic.so.1'))
    await expect(smugdl('--version')).rejects.toMatchObject({ stderr: expect.stringContaining('libatomic.so.1') })
    await copyFile(unpacked('linux-x64', 'libatomic.so.1'), join(system, 'opt/smugdl/libatomic.so.1'))
    expect((await smugdl('--version')).stdout).toContain(version)
    const { stderr, stdout } = await smugdl('demo', '--output', '/home/photos')
    expect(`${stdout}${stderr}`).toContain('Home is exactly what the demo account allows')
    expect(await readdir(join(system, 'home/photos'))).toContain('.smugdl')
  })

  test('on arm64, as far as an emulator can tell', async () => {
    const smugdl = (...args: string[]) =>
      run('qemu-aarch64-static', ['-L', '/usr/aarch64-linux-gnu', unpacked('linux-arm64'), ...args])
    expect((await smugdl('--version')).stdout).toContain('linux arm64')
    const { stderr, stdout } = await smugdl('demo', '--output', join(folder, 'arm64'))
    expect(`${stdout}${stderr}`).toContain('Home is exactly what the demo account allows')
  })

  test('and says where in the source it broke', async () => {
    const preload = join(folder, 'break.cjs')
    await writeFile(
      preload,
      'require("node:http").Server.prototype.listen = () => { throw new TypeError("broken on purpose") }',
    )
    const attempt = run(ownLinux(), [`--node-options=--require=${preload}`, 'demo', '--output', join(folder, 'broken')])
    await expect(attempt).rejects.toMatchObject({
      code: 70,
      stderr: expect.stringMatching(/broken on purpose[\s\S]*at .*\(?src\/simulator\/\w+\.ts:\d+:\d+/),
    })
  })
})

describe('what else a release holds', () => {
  test('install.sh installs this very release', async () => {
    const server = createServer(async (request, response) => {
      response.end(await readFile(join(output, basename(request.url ?? ''))))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const prefix = join(folder, 'prefix')
      const downloads = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const env = { PATH: process.env.PATH, HOME: folder, PREFIX: prefix, SMUGDL_DOWNLOADS: downloads }
      await run('sh', [join(output, 'install.sh')], { env })
      expect((await run(join(prefix, 'bin/smugdl'), ['--version'])).stdout).toContain(version)
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })

  test('the npm package installs and runs without the registry', async () => {
    const tarball = join(output, `smugdl-${version}.tgz`)
    const env = {
      ...process.env,
      HOME: folder,
      npm_config_offline: 'true',
      npm_config_cache: join(folder, 'npm-cache'),
    }
    const prefix = join(folder, 'npm-prefix')
    await run('npm', ['install', '--global', '--prefix', prefix, tarball], { env })
    expect((await run(join(prefix, 'bin/smugdl'), ['--version'])).stdout).toContain(version)
    const { defineExporter, exporterContract } = await import(join(prefix, 'lib/node_modules/smugdl/dist/exporter.mjs'))
    const mine = defineExporter({ name: 'mine', apiVersion: 1, create: () => ({ deliver: () => undefined }) })
    expect(exporterContract(mine)).not.toEqual([])
    expect(
      (await run('npm', ['exec', '--yes', `--package=${tarball}`, '--', 'smugdl', '--version'], { env, cwd: folder }))
        .stdout,
    ).toContain(version)
  })

  test('the manual and the completions are such to those who read them', async () => {
    const { stderr } = await run('groff', ['-man', '-ww', '-z', '-Kutf8', unpacked('linux-x64', 'smugdl.1')])
    expect(stderr).toBe('')
    await run('bash', ['-n', unpacked('linux-x64', 'completions/smugdl.bash')])
  })

  test('the list of parts names Node and what we depend on', async () => {
    const bom = JSON.parse(await readFile(join(output, 'smugdl.cdx.json'), 'utf8'))
    const names = bom.components.map(({ name }: { name: string }) => name)
    expect(bom.bomFormat).toBe('CycloneDX')
    expect(names).toEqual(expect.arrayContaining(['node', 'libatomic', ...Object.keys(packageJson.dependencies)]))
  })

  test('no placeholder is left in what a user downloads', async () => {
    for (const file of ['install.sh', 'install.ps1', 'Dockerfile', 'compose.yaml']) {
      expect(await readFile(join(output, file), 'utf8')).not.toMatch(/@[A-Z]+@/)
    }
  })
})

/** What Debian calls libc6, libgcc-s1 and libstdc++6, and the unpacked archive in /opt/smugdl. */
async function makeMinimalSystem(system: string, archive: string): Promise<void> {
  const libraries = join(system, 'lib/x86_64-linux-gnu')
  for (const each of [
    libraries,
    ...['lib64', 'opt/smugdl', 'tmp', 'home', 'proc', 'dev'].map((name) => join(system, name)),
  ]) {
    await mkdir(each, { recursive: true })
  }
  await copyFile('/lib64/ld-linux-x86-64.so.2', join(system, 'lib64/ld-linux-x86-64.so.2'))
  await chmod(join(system, 'lib64/ld-linux-x86-64.so.2'), 0o755)
  for (const library of ['c.so.6', 'm.so.6', 'dl.so.2', 'pthread.so.0', 'gcc_s.so.1', 'stdc++.so.6']) {
    await copyFile(`/usr/lib/x86_64-linux-gnu/lib${library}`, join(libraries, `lib${library}`))
  }
  for (const file of ['smugdl', 'libatomic.so.1']) {
    await copyFile(join(archive, file), join(system, 'opt/smugdl', file))
  }
}

import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeArchive } from '../../../scripts/release/archive.ts'
import { nameOf, targetOf } from '../../../scripts/targets.ts'

const run = promisify(execFile)
const name = `smugdl-1.2.3-${nameOf(targetOf(process.platform, process.arch))}`
const archive = `${name}.${process.platform === 'linux' ? 'tar.xz' : 'zip'}`

let folder: string
let files: Map<string, Buffer>
let server: Server
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smugdl-install-'))
  files = await publish(folder)
  server = createServer((request, response) => {
    const file = files.get(basename(request.url ?? ''))
    response.writeHead(file ? 200 : 404).end(file)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  server.close()
  server.closeAllConnections()
  await rm(folder, { recursive: true })
})

/** A release of which the program is a shell script. */
async function publish(folder: string): Promise<Map<string, Buffer>> {
  await mkdir(join(folder, name))
  await writeFile(join(folder, name, 'smugdl'), '#!/bin/sh\necho smugdl 1.2.3\n')
  await chmod(join(folder, name, 'smugdl'), 0o755)
  await writeFile(join(folder, name, 'smugdl.1'), '')
  await makeArchive(join(folder, name), join(folder, archive), new Date(0))
  const bytes = await readFile(join(folder, archive))
  const sums = `${'0'.repeat(64)}  another-${archive}\n${hash('sha256', bytes)}  ${archive}\n`
  return new Map([
    [archive, bytes],
    ['SHA256SUMS', Buffer.from(sums)],
  ])
}

/** Runs install.sh with `home/.local` as its prefix. */
async function install(environment: NodeJS.ProcessEnv = {}): Promise<{ stdout: string; prefix: string }> {
  const downloads = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1.2.3`
  const template = await readFile('scripts/release/install.sh', 'utf8')
  const script = template.replaceAll('@VERSION@', '1.2.3').replaceAll('@DOWNLOADS@', downloads)
  await writeFile(join(folder, 'install.sh'), script)
  const prefix = join(folder, 'a prefix')
  const env = { PATH: process.env.PATH, HOME: folder, PREFIX: prefix, TMPDIR: folder, ...environment }
  const { stdout } = await run('sh', [join(folder, 'install.sh')], { env })
  return { stdout, prefix }
}

test('install.sh puts a program that runs on the PATH', async () => {
  const { stdout, prefix } = await install()
  expect((await run(join(prefix, 'bin/smugdl'))).stdout).toBe('smugdl 1.2.3\n')
  expect(stdout).toContain('is not on your PATH yet')
})

test('install.sh replaces what an earlier one installed, and leaves nothing else behind', async () => {
  await install()
  const { prefix } = await install({ PATH: `${folder}/a prefix/bin:${process.env.PATH}` })
  expect((await run('ls', [join(prefix, 'lib'), folder])).stdout).not.toMatch(/tmp\.|\.new/)
  await access(join(prefix, 'bin/smugdl'))
})

test('install.sh installs nothing that was damaged on the way', async () => {
  const bytes = files.get(archive)
  bytes?.writeUInt8(bytes.readUInt8(100) ^ 1, 100)
  await expect(install()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('is damaged: its SHA-256') })
  await expect(access(join(folder, 'a prefix'))).rejects.toThrow()
})

test('install.sh says what it could not download, and what is not in the release', async () => {
  files.delete(archive)
  await expect(install()).rejects.toMatchObject({ stderr: expect.stringContaining(`could not download`) })
  files.set('SHA256SUMS', Buffer.from('sum  other'))
  await expect(install()).rejects.toMatchObject({ stderr: expect.stringContaining(`does not list ${archive}`) })
})

test.each([
  ['uname', 'echo FreeBSD', 'no archive for FreeBSD'],
  ['getconf', 'exit 1', 'needs glibc 2.28 or later; this system has another C library'],
  ['getconf', 'echo glibc 2.27', 'needs glibc 2.28 or later; this system has 2.27'],
])('install.sh refuses a machine that it has nothing for: %s says %s', async (command, says, message) => {
  await mkdir(join(folder, 'fake'))
  await writeFile(join(folder, 'fake', command), `#!/bin/sh\n${says}\n`, { mode: 0o755 })
  const attempt = install({ PATH: `${join(folder, 'fake')}:${process.env.PATH}` })
  await expect(attempt).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(message) })
})

import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Exporter } from '../../src/exporter/index.ts'
import { exporterContract } from '../../src/exporter-suite/exporter-contract.ts'
import { sample } from '../../src/exporter-suite/sample.ts'
import { openStage } from '../../src/exporter-suite/stage.ts'
import { installed } from '../installed.ts'

const recipe = async (name: string): Promise<Exporter> =>
  (await import(join(import.meta.dirname, `../../plugins/examples/${name}.mjs`))).default
const captioned = await recipe('captioned')
const poster = await recipe('poster')

/** With another default, as `--set NAME.OPTION=VALUE` would have it. */
function having(exporter: Exporter, option: string, value: string): Exporter {
  const options = { ...exporter.options, [option]: { type: 'string', default: value, help: '' } as const }
  return { ...exporter, options }
}

/** A program that is called as ExifTool is, and writes the caption behind the picture. */
async function program(script: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'smugdl-recipe-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'program')
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  return path
}

const writing = '[ "$1" = -ver ] && exit 0\nfor last; do :; done\ncat "$last"; printf %s "$3"'

describe.skipIf(process.platform === 'win32')('the recipe captioned, which runs a program for each picture', () => {
  test.each(exporterContract(captioned).map(({ name }, index) => [name, index] as const))('%s', async (_, index) => {
    const exporter = having(captioned, 'program', await program(writing))
    await exporterContract(exporter)[index]?.run()
  })

  test('fails the pictures that its program fails, and begins nothing without the program', async () => {
    await using stage = await openStage(sample(), installed)
    const failing = await program('[ "$1" = -ver ] && exit 0\necho no such tag >&2; exit 1')
    const { summary } = await stage.run([having(captioned, 'program', failing)])
    expect(summary?.failed).toHaveLength(1)
    const silent = await program('exit 0')
    const again = await stage.run([having(captioned, 'program', silent)])
    expect(again.summary?.failed[0]?.reason).toContain('ExifTool wrote nothing')
    const none = await stage.run([having(captioned, 'program', '/nowhere/exiftool')])
    expect(String(none.error)).toContain('/nowhere/exiftool')
  })

  const hasExifTool = spawnSync('exiftool', ['-ver']).status === 0
  test.skipIf(!hasExifTool)(
    'writes the caption with ExifTool itself (skipped where that is not installed)',
    async () => {
      await using stage = await openStage(sample(), installed)
      const { summary } = await stage.run([captioned])
      expect(summary?.failed).toEqual([])
      const file = join(stage.output, 'captioned/Travel/Rome')
      const { stdout } = spawnSync('exiftool', ['-r', '-s3', '-XMP-dc:Description', file], { encoding: 'utf8' })
      expect(stdout).toContain('Before 8/9 in the morning')
    },
  )
})

describe('the recipe poster, which posts to a server', () => {
  /** Refuses what it is told to. */
  async function server(refuses = (_nth: number) => false) {
    const posted: string[] = []
    const http = createServer(async (request, response) => {
      let size = 0
      for await (const part of request) size += part.length
      posted.push(`${size} B: ${request.url}`)
      response.writeHead(refuses(posted.length) ? 503 : 204).end()
    })
    await once(http.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void http.close())
    return { posted, to: `http://127.0.0.1:${(http.address() as AddressInfo).port}/` }
  }

  test.each(exporterContract(poster).map(({ name }, index) => [name, index] as const))('%s', async (_, index) => {
    const { to } = await server()
    await exporterContract(having(poster, 'to', to))[index]?.run()
  })

  test('posts each picture once, and again what the server refused', async () => {
    const { posted, to } = await server((nth) => nth === 2)
    await using stage = await openStage(sample(), installed)
    const exporter = having(poster, 'to', to)
    const first = await stage.run([exporter])
    expect(first.summary?.failed).toMatchObject([{ reason: expect.stringContaining('the server answered 503') }])
    expect(posted).toHaveLength(5)
    expect(posted[0]).toMatch(/^[1-9]\d+ B: \/\?key=\w+&name=.*&sha256=[0-9a-f]{64}$/)
    await stage.run([exporter])
    expect(posted).toHaveLength(6)
    await stage.run([exporter])
    expect(posted).toHaveLength(6)
  })
})

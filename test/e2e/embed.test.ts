import { execFileSync, spawnSync } from 'node:child_process'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { scenario } from './scenario.ts'

const readme = new URL('../../README.md', import.meta.url)
const isMissing = spawnSync('exiftool', ['-ver'], { stdio: 'ignore' }).error !== undefined

/** What a program reads that looks into pictures only, beside what the sidecar says. */
const pairs = [
  ['XMP:Title', 'IPTC:ObjectName'],
  ['XMP:Description', 'IPTC:Caption-Abstract'],
  ['XMP:Description', 'EXIF:ImageDescription'],
  ['XMP:Subject', 'IPTC:Keywords'],
  ['XMP:GPSLatitude', 'Composite:GPSLatitude'],
  ['XMP:GPSLongitude', 'Composite:GPSLongitude'],
] as const

describe.skipIf(isMissing)('README’s recipe for programs that read no sidecars (skipped without ExifTool)', () => {
  it('puts what the sidecars say into a copy of home, and leaves home as it is', async ({ expect }) => {
    await using scene = await scenario(new World())
    const home = join(scene.folder, 'demo')
    expect((await scene.smugdl(['demo', '-o', home])).code).toBe(0)
    const copy = join(scene.folder, 'copy')
    await cp(home, copy, { recursive: true })

    const text = await readFile(readme, 'utf8')
    const lines = text.match(/`embed\.args`:\n\n```\n([^`]+)```/)?.[1] ?? ''
    const [command, ...options] =
      (text.match(/on the copy, `(exiftool [^`]+)`/)?.[1] ?? '').split(' COPY')[0]?.split(' ') ?? []
    expect([command, options.at(-1)]).toEqual(['exiftool', 'embed.args'])
    await writeFile(join(scene.folder, 'embed.args'), lines)
    const line = `${command} ${options.join(' ')} ${copy}`
    execFileSync('sh', ['-c', line], { cwd: scene.folder, stdio: 'pipe' })

    const pictures = new Map(read(copy, 'jpg', 'jpeg', 'png').map((picture) => [picture.SourceFile, picture]))
    let compared = 0
    for (const sidecar of read(copy, 'xmp')) {
      const path = sidecar.SourceFile.replace(/\.xmp$/, '')
      const picture = pictures.get(path)
      if (picture === undefined) continue
      for (const [said, embedded] of pairs) {
        if (sidecar[said] === undefined) continue
        expect([path, embedded, near(picture[embedded])]).toEqual([path, embedded, near(sidecar[said])])
        compared += 1
      }
    }
    expect(compared).toBeGreaterThan(200)
    const verified = await scene.smugdl(['verify', '-o', home])
    expect([verified.code, verified.stderr]).toEqual([0, ''])
  })
})

type Read = { SourceFile: string } & Record<string, unknown>

function read(folder: string, ...extensions: string[]): Read[] {
  const only = extensions.flatMap((extension) => ['-ext', extension])
  const json = execFileSync('exiftool', ['-j', '-G0', '-n', '-charset', 'iptc=utf8', '-r', ...only, folder], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return JSON.parse(json)
}

/** EXIF has fractions of its own for places; one keyword is no list. */
function near(value: unknown): unknown {
  return typeof value === 'number' ? value.toFixed(4) : Array.isArray(value) ? value.join(', ') : value
}

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { written } from './sidecar-examples.ts'

/** What other programs read in our sidecars: each property of each example, and nothing else. */
const isMissing = (tool: string) => spawnSync(tool, ['-ver'], { stdio: 'ignore' }).error !== undefined
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'smugdl-xmp-'))
  for (const { name, text } of written) writeFileSync(join(folder, `${name}.xmp`), text)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(isMissing('exiftool'))('ExifTool (skipped where it is not installed)', () => {
  const all = new Map<string, Record<string, unknown>>()
  beforeAll(() => {
    const paths = written.map(({ name }) => join(folder, `${name}.xmp`))
    const args = ['-a', '-G1', '-s', '-n', '-j', '-XMP:all', ...paths]
    const found: Record<string, unknown>[] = JSON.parse(execFileSync('exiftool', args, { encoding: 'utf8' }))
    for (const [index, { name }] of written.entries()) all.set(name, found[index] ?? {})
  })

  test.each(written)('reads all that the sidecar of a $name says', ({ name, says }) => {
    const { SourceFile: _, 'XMP-x:XMPToolkit': toolkit, 'XMP-smugmug:Digest': digest, ...read } = all.get(name) ?? {}
    expect([toolkit, digest]).toEqual(['smugdl', expect.stringMatching(/^sha256:[0-9a-f]{64}$/)])
    const expected = Object.entries(says).map(([property, value]) => [tagOf(property), exifToolValue(property, value)])
    expect(read).toEqual(Object.fromEntries(expected))
  })
})

/** `XMP-lr:HierarchicalSubject` of `lr:hierarchicalSubject`. */
function tagOf(property: string): string {
  return `XMP-${property.replace(/:./, (start) => start.toUpperCase())}`
}

/** As ExifTool writes values with `-n`. */
function exifToolValue(property: string, value: string | readonly string[]): unknown {
  if (Array.isArray(value)) return value.length === 1 ? value[0] : value
  const text = String(value)
  if (/Date/.test(property)) return text.replace(/-/g, ':').replace('T', ' ')
  if (property === 'smugmug:Hidden') return true
  if (property === 'exif:GPSAltitudeRef') return Number(text)
  const [, over, under] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  if (over !== undefined) return Number(over) / Number(under)
  const [, degrees, minutes, letter = ''] = /^(\d+),([\d.]+)([NSEW])$/.exec(text) ?? []
  if (degrees === undefined) return text
  return expect.closeTo((Number(degrees) + Number(minutes) / 60) * ('SW'.includes(letter) ? -1 : 1), 7)
}

describe.skipIf(isMissing('exiv2'))('exiv2, and so digiKam and darktable (skipped where it is not installed)', () => {
  const read = (args: string[], name: string, env = {}) =>
    execFileSync('exiv2', [...args, join(folder, `${name}.xmp`)], { encoding: 'utf8', env: { ...process.env, ...env } })

  test.each(written)('reads all that the sidecar of a $name says', ({ name, says }) => {
    const values = read(['-PXkv'], name)
      .split(/^(?=Xmp\.)/m)
      .map((entry) => /^Xmp\.(\w+)\.(\w+)\s+(?:lang="x-default" )?([\s\S]*)\n$/.exec(entry) ?? [])
      .map(([, prefix, property, value]) => [`${prefix}:${property}`, value])
    const expected = Object.entries(says).map(([property, value]) => [
      property,
      typeof value === 'string' ? value : value.join(', '),
    ])
    expect(Object.fromEntries(values)).toEqual({
      ...Object.fromEntries(expected),
      'smugmug:Digest': expect.stringMatching(/^sha256:/),
    })
  })

  test('counts keywords as they are, commas and all', () => {
    expect(read(['-PIt', '-g', 'Keywords'], 'scan').trimEnd().split('\n')).toEqual(['Paris, Texas', '夜景', 'R&D'])
  })

  test('reads a date alike in every zone', () => {
    for (const name of ['scan', 'video']) {
      const [utc, newYork] = ['UTC', 'America/New_York'].map((TZ) =>
        read(['-PEkt', '-g', 'DateTimeOriginal'], name, { TZ }),
      )
      expect(utc).toMatch(/(1975:07:04 02:30:00|2023:03:12 03:30:00)/)
      expect(newYork).toBe(utc)
    }
  })

  test.each([
    ['south', /South[\s\S]*West[\s\S]*Below sea level[\s\S]*102\.3 m/],
    ['summit', /North[\s\S]*East[\s\S]*Above sea level[\s\S]*8848\.9 m/],
  ])('makes a place of EXIF of the one in %s', (name, place) => {
    expect(read(['-PEkt', '-g', 'GPS'], name)).toMatch(place)
  })
})

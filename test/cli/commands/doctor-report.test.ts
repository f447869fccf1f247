import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { demoWorld } from '../../../src/simulator/demo.ts'
import type { Fault, JsonAnswer } from '../../../src/simulator/faults.ts'
import { shapeOf } from '../../../src/smugmug/shape.ts'
import { Inside } from '../inside.ts'

async function reported(scene: Inside) {
  const path = join(scene.folder, 'report.txt')
  const { code, out } = await scene.smugdl(['doctor', '--report', path])
  return { code, out, report: await readFile(path, 'utf8') }
}

/** Every text and every number of more than three digits that any answer holds, and every key. */
function valuesIn(json: unknown, found = new Set<string>()): Set<string> {
  if (typeof json === 'string' || typeof json === 'number') found.add(String(json))
  if (typeof json === 'object' && json !== null)
    for (const [name, value] of Object.entries(json)) {
      if (name.includes('/')) found.add(name)
      valuesIn(value, found)
    }
  return found
}

/** What is the service's and not the account's, and so short that it stands in any text. */
const ofTheService = /^(.{0,3}|(Image|Video)Size\w+|Ok|[A-Z][A-Za-z]+( [A-Za-z]+)*|Object|Objects|\d{1,3}|true|false)$/

describe('smugdl doctor --report', () => {
  it('holds no name, caption, key, address, date, number or secret of the account', async () => {
    const world = demoWorld()
    const [image] = world.images.values()
    if (image !== undefined) world.editImage(image, { caption: 'Ana on the beach', keywords: ['ana maria', 'beach'] })
    await using scene = await Inside.of(world)
    const own = new Set<string>([...Object.values(scene.smugmug.credentials), ...world.user.nickName, world.user.name])
    const told = new Set<string>()
    for (const node of world.nodes.values()) for (const value of [node.id, node.name, node.urlName]) own.add(value)
    for (const album of world.albums.values()) own.add(album.key)
    for (const { key, fileName, title, caption, keywords } of world.images.values())
      for (const value of [key, fileName, title, caption, ...keywords]) own.add(value)
    const keep = (answer: JsonAnswer) => {
      valuesIn(answer, told)
      return answer
    }
    scene.smugmug.faults.add({ path: '_verbosity', kind: 'api', do: { kind: 'edited', edit: keep } })
    const { code, out, report } = await reported(scene)
    expect([code, out]).toEqual([0, expect.stringContaining('was not expected')])
    const telling = [...own, ...[...told].filter((value) => !ofTheService.test(value))].filter(
      ({ length }) => length > 3,
    )
    expect(telling.length).toBeGreaterThan(500)
    expect(telling.filter((value) => report.includes(value))).toEqual([])
    expect(report).not.toMatch(/marisol|127\.0\.0\.1|\/api\/v2|smugmug\.com/i)
  })

  it('tells of each kind of answer its fields, types, lengths, status, headers’ names, clamps and times', async () => {
    await using scene = await Inside.of(demoWorld())
    const { report } = await reported(scene)
    expect(report).toMatch(/^smugdl \S+/)
    expect(report).toMatch(/What smugdl did not expect\n {2}/)
    expect(report).toMatch(
      /images of a small album, as smugdl asks\n {2}status 200 after \d+ ms; headers: content-type, /,
    )
    expect(report).toContain('10000 were asked for, pages of 500 are given')
    expect(report).toMatch(/Response\.AlbumImage\[\]\.DateTimeUploaded: date in UTC of 25, \d+ times/)
    expect(report).toMatch(/Response\.Pages\.Total: integer of \d/)
    expect(report).toContain('a photo, without its serial\n  status 301')
    expect(report).toContain('The size is as ArchivedSize says')
    expect(report).toContain('ETag is ArchivedMD5')
  })

  it('begins with what the parser did not expect', async () => {
    await using scene = await Inside.of(demoWorld())
    const odd: Fault = {
      kind: 'edited',
      edit(answer) {
        for (const image of [answer.Response.AlbumImage ?? []].flat()) Object.assign(image, { Altitude: '1518.7 m' })
        return answer
      },
    }
    scene.smugmug.faults.add({ path: '!images', kind: 'api', do: odd })
    scene.smugmug.faults.add({ path: '!children', kind: 'api', do: { kind: 'lie', lie: 'noResponse' } })
    const { report } = await reported(scene)
    const [, first = ''] = report.split('What smugdl did not expect')
    expect(first.slice(0, first.indexOf('\n\n'))).toMatch(/Altitude is not as expected in \d+ of \d+/)
    expect(first.slice(0, first.indexOf('\n\n'))).toContain('a list without its Total')
  })

  it('is not written over by a failure, and says what is wrong', async () => {
    await using scene = await Inside.of(demoWorld())
    const { code, out } = await scene.smugdl(['doctor', '--report', join(scene.folder, 'no/such/folder.txt')])
    expect([code, out]).toEqual([1, expect.stringMatching(/fail +report +The file cannot be written/)])
  })
})

it('a shape names no field whose name may be a value', () => {
  const shape = shapeOf({
    Expansions: { '/api/v2/image/kQ3v9Zt-0': {} },
    'ana maria': 1,
    kQ3v9Zt: 1,
    Title: 'Ana',
    ImageSizeX3Large: {},
  })
  expect([...shape.keys()]).toEqual([
    '',
    '<name of 7>',
    '<name of 9>',
    'Expansions',
    'Expansions.<address>',
    'ImageSizeX3Large',
    'Title',
  ])
})

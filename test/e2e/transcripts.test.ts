import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { until } from './scenario.ts'
import { noTranscript, Screen, tooWide } from './screen.ts'

function account(): World {
  const world = new World({ nickName: 'marisol', name: 'Marisol Vega' })
  const rome = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) })
  for (let i = 1; i <= 20; i++)
    world.addImage(rome, {
      key: `Rome${String(i).padStart(3, '0')}`,
      fileName: `IMG_${i}.jpg`,
      caption: i === 7 ? 'Sunset by the river' : '',
    })
  const garden = world.addAlbum({ name: 'Café garden' })
  world.addImage(garden, { key: 'Tulip01', fileName: 'Tulip.jpg', keywords: ['spring', 'red'] })
  world.addVideo(garden, { key: 'Walk001', fileName: 'Walk.mp4', video: { size: 180_000 } })
  return world
}

/** Ten albums, all but one of them with thirty pictures that SmugMug does not give. */
function brokenAccount(): World {
  const world = new World({ nickName: 'marisol', name: 'Marisol Vega' })
  for (let a = 1; a <= 11; a++) {
    const album = world.addAlbum({ name: `Album ${a}` })
    for (let i = 1; i <= 30; i++)
      world.addImage(album, { fileName: `${a === 11 ? 'good' : 'bad'} ${i}.jpg`, size: 9_000 })
  }
  return world
}

describe.skipIf(noTranscript !== undefined)('what README shows', () => {
  it('of the demo', async () => {
    await using screen = await Screen.of(new World(), 140, { isLoggedIn: false })
    const demo = (await screen.transcript(['demo'])).replace(/^Not safe: .*\n/gm, '')
    await expect(demo).toMatchFileSnapshot('transcripts/demo-140.txt')
  })
})

describe.skipIf(noTranscript !== undefined).each([60, 80, 140])(
  `what a terminal of %i columns shows${noTranscript ? ` (skipped: ${noTranscript})` : ''}`,
  (columns) => {
    const expectGolden = async (name: string, transcript: string) => {
      await expect(transcript).toMatchFileSnapshot(`transcripts/${name}-${columns}.txt`)
      expect(tooWide(transcript, columns)).toEqual([])
    }

    it('of a run that is interrupted, and of the one that goes on', async () => {
      await using screen = await Screen.of(account(), columns)
      const { smugmug } = screen
      const go = Promise.withResolvers<void>()
      const release = smugmug.faults.add({
        path: '/photos/',
        kind: 'media',
        after: 10,
        do: { kind: 'held', until: go.promise },
      })
      // Of two albums that are listed at once either may come home first: the larger one waits for the other.
      const garden = Promise.withResolvers<void>()
      const rome = [...smugmug.world.albums.values()].find(({ name }) => name === 'Rome')
      smugmug.faults.add({ path: `${rome?.key}!images`, kind: 'api', do: { kind: 'held', until: garden.promise } })
      const args = ['-o', join(screen.folder, 'Pictures'), '--concurrency', '1']
      const interrupted = await screen.transcript(args, async (terminal) => {
        await until(() => smugmug.counts.media === 2)
        garden.resolve()
        await until(() => smugmug.counts.media === 11)
        terminal.type('\x03')
        await terminal.saw(/once more/)
        go.resolve()
      })
      release()
      await expectGolden('interrupted', interrupted + (await screen.transcript(args)) + (await screen.transcript([])))
    })

    it('of three hundred failures', async () => {
      await using screen = await Screen.of(brokenAccount(), columns)
      screen.smugmug.faults.add({ path: '/bad', kind: 'media', do: { kind: 'status', status: 404 } })
      const run = await screen.transcript(['-o', join(screen.folder, 'Pictures')])
      // Twenty scroll by as they come, and that is whichever is first.
      const live = /(?:^Not safe: (?:.|\n)*?)(?=^… more are counted below)/m
      expect(run.match(live)?.[0].match(/^Not safe: /gm)).toHaveLength(20)
      await expectGolden('failures', run.replace(live, '(Twenty of them, one by one.)\n'))
    })

    it('of status before the first run, when all is home, when that is too long ago, after failed runs, and during one', async () => {
      await using screen = await Screen.of(account(), columns)
      const { smugmug } = screen
      const output = ['-o', join(screen.folder, 'Pictures')]
      const status = (daysLater = 0, ...args: string[]) =>
        screen.transcript(['status', ...output, ...args], undefined, { daysLater })
      const states = [await status()]
      await screen.transcript(output)
      states.push(await status(), await status(2, '--max-age', '36h'))
      await screen.transcript([...output, '-q'], undefined, { isLoggedIn: false, daysLater: 1 })
      states.push(await status(2, '--max-age', '36h'))
      smugmug.world.addImage([...smugmug.world.albums.values()][0] as never, { fileName: 'New.jpg' })
      const go = Promise.withResolvers<void>()
      smugmug.faults.add({ path: '/photos/', kind: 'media', do: { kind: 'held', until: go.promise } })
      const before = smugmug.counts.media
      const running = await screen.start(output)
      await until(() => smugmug.counts.media > before)
      states.push(await status())
      go.resolve()
      await running.ended
      await expectGolden('status', states.join(''))
    })

    it('of find by a word of an album, of a caption, of a keyword, by a pattern, an address, a path, a kind, and of nothing', async () => {
      await using screen = await Screen.of(account(), columns)
      const output = join(screen.folder, 'Pictures')
      await screen.transcript(['-o', output])
      const asked = [
        ['cafe', 'TULIP'],
        ['sunset'],
        ['spring'],
        ['Travel/*/IMG_2*.jpg'],
        ['https://marisol.smugmug.com/Travel/Rome/i-Rome012'],
        [join(output, 'Travel/Rome/IMG_3.jpg')],
        ['--kind', 'transcode'],
        ['Paris'],
      ]
      let found = ''
      for (const words of asked) found += await screen.transcript(['find', ...words])
      await expectGolden('find', found)
    })
  },
)

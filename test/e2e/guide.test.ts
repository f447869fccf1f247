import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import type { Terminal } from '../cli/terminal.ts'
import { scenario, until } from './scenario.ts'
import { noTranscript, Screen, tooWide } from './screen.ts'

function account(): World {
  const world = new World({ nickName: 'marisol', name: 'Marisol Vega' })
  const travel = world.addFolder({ name: 'Travel' })
  const rome = world.addAlbum({ name: 'Rome', in: travel })
  for (let i = 1; i <= 12; i++)
    world.addImage(rome, { fileName: `Rome ${i}.jpg`, size: 25_000, caption: 'By the river' })
  const video = world.addAlbum({ name: 'Films', in: travel })
  world.addVideo(video, { fileName: 'Walk.mp4', video: { size: 180_000 } })
  world.addImage(world.addAlbum({ name: 'Garden' }), { fileName: 'Tulip.jpg', size: 40_000 })
  return world
}

/** The guided first run, ended by `end` when something of it is home, and so the home is remembered, and the rest is still held. */
async function endedMidway(screen: Screen, end: (terminal: Terminal) => Promise<void>): Promise<void> {
  const go = Promise.withResolvers<void>()
  const held = { kind: 'held', until: go.promise } as const
  const release = screen.smugmug.faults.add({ path: '/photos/', kind: 'media', after: 3, do: held })
  await screen.transcript([], async (terminal) => {
    await terminal.saw(/pictures go\?[^>]*\] /)
    terminal.type('\r')
    await terminal.saw(/\[Y\/n\/choose\] /)
    terminal.type('y\r')
    await until(() => screen.smugmug.counts.media > 3)
    await end(terminal)
  })
  go.resolve()
  release()
}

/** Key, secret, and the PIN of a page that is opened elsewhere. */
async function logIn(terminal: Terminal, { smugmug }: Screen): Promise<void> {
  await terminal.saw(/API key: /)
  terminal.type(`${smugmug.credentials.apiKey}\r`)
  await terminal.saw(/API secret: /)
  terminal.type(`${smugmug.credentials.apiSecret}\r`)
  const address = (await terminal.saw(/http\S+\/authorize\?\S+/)).trim()
  await terminal.saw(/SmugMug shows: /)
  const page = await (await fetch(`${address}&approve=1`)).text()
  terminal.type(`${/id="pin">(\d{6})/.exec(page)?.[1]}\r`)
}

describe.skipIf(noTranscript !== undefined)(
  `smugdl alone, in a terminal${noTranscript ? ` (skipped: ${noTranscript})` : ''}`,
  () => {
    it.each([60, 80, 140])('leads whoever never ran it to a home that is certified, at %i columns', async (columns) => {
      await using screen = await Screen.of(account(), columns, { isLoggedIn: false })
      const transcript = await screen.transcript([], async (terminal) => {
        await terminal.saw(/\[y\/N\] /)
        terminal.type('\r')
        await logIn(terminal, screen)
        await terminal.saw(/pictures go\?[^>]*\] /)
        terminal.type('\r')
        await terminal.saw(/\[Y\/n\/choose\] /)
        terminal.type('\r')
      })
      await expect(transcript).toMatchFileSnapshot(`transcripts/guided-${columns}.txt`)
      expect(tooWide(transcript, columns)).toEqual([])
      // Each album once, for the run; the certificate asks for nothing more.
      const lists = screen.smugmug.requests.filter(({ path }) => path.endsWith('!images'))
      expect(lists.length).toBe(new Set(lists.map(({ path }) => path)).size)
      expect(await readdir(join(screen.folder, 'Pictures/SmugMug/Travel/Rome'))).toContain('Rome 12.jpg')
    })

    it('goes on there when it is typed again, wherever that is', async () => {
      await using screen = await Screen.of(account(), 80)
      await screen.transcript([], async (terminal) => {
        await terminal.saw(/pictures go\?[^>]*\] /)
        terminal.type('"~/My pictures"\r')
        await terminal.saw(/\[Y\/n\/choose\] /)
        terminal.type('y\r')
      })
      const again = await screen.transcript([])
      expect(again).toContain('Into /home/marisol-vega/My pictures, as last time')
      expect(again).toContain('14 listed = 0 new + 0 updated + 14 unchanged')
    })

    it('stopped and typed again, names the certificate and the nights where it comes to its end, and only then', async () => {
      const world = account()
      await using screen = await Screen.of(world, 80)
      await endedMidway(screen, async (terminal) => {
        terminal.type('\x03')
        await terminal.saw(/Stopping/)
        terminal.type('\x03')
      })
      const next = /smugdl check --certificate smugmug\.html\n(?:.*\n)+ {2}15 3 \* \* \* .* -q --expect-home -o /
      expect(await screen.transcript([])).toMatch(next)
      expect(await screen.transcript([])).not.toMatch(next)
    })

    it('ends on Ctrl-C at a question without a word of what is under way', async () => {
      await using screen = await Screen.of(account(), 80)
      const transcript = await screen.transcript([], async (terminal) => {
        await terminal.saw(/pictures go\?[^>]*\] /)
        terminal.type('\x03')
      })
      expect(transcript).toMatch(/\[exit 130\]/)
      expect(transcript).not.toContain('Stopping')
    })

    it('killed and typed again, goes on where it was, and comes to its end', async () => {
      await using screen = await Screen.of(account(), 80)
      await endedMidway(screen, async (terminal) => terminal.kill('SIGKILL'))
      const transcript = await screen.transcript([])
      expect(transcript).toContain('Into /home/marisol-vega/Pictures/SmugMug, as last time')
      expect(transcript).toMatch(/All 14 pictures and videos are home/)
      expect(transcript).toContain('smugdl check --certificate smugmug.html')
    })

    it('shows the demo first to whoever says so', async () => {
      await using screen = await Screen.of(account(), 80, { isLoggedIn: false })
      const transcript = await screen.transcript([], async (terminal) => {
        await terminal.saw(/\[y\/N\] /)
        terminal.type('y\r')
        await terminal.saw(/own account\? \[Y\/n\] /)
        terminal.type('n\r')
      })
      expect(transcript).toContain('Home is exactly what the demo account allows')
      expect(transcript).toMatch(/Nothing was downloaded\n {2}Whenever you like: smugdl\.\n\[exit 130\]/)
      expect(await readdir(screen.folder)).toContain('smugmug_demo')
    })

    it('brings only the albums that are chosen, and certifies those', async () => {
      await using screen = await Screen.of(account(), 80)
      const transcript = await screen.transcript([], async (terminal) => {
        await terminal.saw(/pictures go\?[^>]*\] /)
        terminal.type('\r')
        await terminal.saw(/\[Y\/n\/choose\] /)
        terminal.type('choose\r')
        await terminal.saw(/Which ones\?/)
        terminal.type('1\r')
      })
      expect(transcript).toMatch(/Complete for the albums chosen: 1 of 1\n/)
      expect(transcript).toContain('  smugdl -o /home/marisol-vega/Pictures/SmugMug --album Garden\n')
      expect(transcript).toMatch(/\n {2}15 3 \* \* \* .* -q --expect-home -o \S+ --log-file \S+ --album Garden\n/)
      expect(transcript).toContain('[exit 0]')
    })

    it('asks again for a folder where the account does not fit, and for one that cannot be written to', async () => {
      const world = account()
      world.addImage(world.addAlbum({ name: 'Sky' }), { fileName: 'Sky.jpg', size: 2e12 })
      await using screen = await Screen.of(world, 80)
      const transcript = await screen.transcript([], async (terminal) => {
        await terminal.saw(/pictures go\?[^>]*\] /)
        terminal.type('/proc/1/environ\r')
        await terminal.saw(/is not a folder[^>]*\] /)
        terminal.type('\r')
        await terminal.saw(/another disk\.[^>]*\] /)
        terminal.type('\x04')
      })
      expect(transcript).toMatch(/\/proc\/1\/environ is not a folder: please name another folder\./)
      expect(transcript).toMatch(/2\.0 TB; 1\.2 TB free\. That is \d+ GB too little/)
      expect(transcript).toContain('[exit 130]')
      expect(await readdir(screen.folder)).not.toContain('Pictures')
    })

    it('names what did not come, in the run and in the certificate, and ends with 1', async () => {
      const world = account()
      await using screen = await Screen.of(world, 80)
      screen.smugmug.faults.add({ path: /Tulip|photos/, kind: 'media', after: 13, do: { kind: 'status', status: 404 } })
      const transcript = await screen.transcript([], async (terminal) => {
        await terminal.saw(/pictures go\?[^>]*\] /)
        terminal.type('\r')
        await terminal.saw(/\[Y\/n\/choose\] /)
        terminal.type('\r')
      })
      expect(transcript).toMatch(/Not complete: 13 of 14, 1 missing\n/)
      expect(transcript).toContain('[exit 1]')
    })
  },
)

describe.skipIf(noTranscript !== undefined)('without a terminal, or with one word more', () => {
  it('smugdl asks nothing, and ends with 3 where nobody is logged in', async () => {
    await using screen = await Screen.of(account(), 80, { isLoggedIn: false })
    expect(await screen.transcript(['download'])).toMatch(/Nobody is logged in\n(?:.*\n)*\[exit 3\]/)
    expect(await screen.transcript(['-q'])).toMatch(/Nobody is logged in\n(?:.*\n)*\[exit 3\]/)
    await using scene = await scenario(account())
    const nobody = Object.fromEntries(Object.keys(scene.smugmug.environment).map((name) => [name, undefined]))
    const { code, stderr } = await scene.smugdl([], { ...nobody, SMUGDL_API_ORIGIN: scene.smugmug.origin })
    expect([code, stderr]).toEqual([3, expect.stringContaining('Nobody is logged in')])
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openToRead } from '../../src/app/output.ts'
import { Catalog } from '../../src/catalog/catalog.ts'
import { RunLock } from '../../src/catalog/lock/lock.ts'

test('who wants to look at the catalog of a run that is under way is told whose it is, and waits for its end', async () => {
  const output = await mkdtemp(join(tmpdir(), 'smugdl-'))
  const lock = RunLock.acquire(output, { command: 'smugdl night', now: 0 })
  const catalog = Catalog.open(join(output, '.smugdl', 'catalog.sqlite'))
  const notices: string[] = []
  const told = Promise.withResolvers<void>()
  const reading = openToRead(output, {
    signal: new AbortController().signal,
    events({ text }) {
      notices.push(text)
      told.resolve()
    },
  })
  await told.promise
  expect(notices).toEqual([expect.stringMatching(/"smugdl night".* Waiting for it to end/)])
  catalog.close()
  lock.release()
  using seen = await reading
  expect(seen.runs.newest(1)).toEqual([])
  expect(notices).toHaveLength(1)
  await rm(output, { recursive: true })
})

import { expect, test } from 'vitest'
import { junk } from './junk.ts'
import { account, downloadMeasured, sizes, withJunk } from './measured.ts'
import { scenario } from './scenario.ts'

const cases = Object.keys(junk).flatMap((kind) =>
  Object.entries(sizes).map(([size, length]) => ({ kind, size, length })),
)

test.each(cases)(
  'eight albums whose records hold $kind, $size, are read or refused in 450 MB',
  async ({ kind, length }) => {
    await using scene = await scenario(account(8))
    scene.smugmug.faults.add({ path: '!images', do: withJunk(kind, length) })
    const { code, peakMb } = await downloadMeasured(scene)
    expect(code).toBeOneOf([0, 1])
    expect(peakMb).toBeLessThan(450)
  },
)

test.each(cases)(
  'an account of which every answer holds $kind, $size, is read or refused in 450 MB',
  async ({ kind, length }) => {
    await using scene = await scenario(account(8))
    scene.smugmug.faults.add({ path: '', kind: 'api', do: withJunk(kind, length) })
    const { code, peakMb } = await downloadMeasured(scene)
    expect(code).toBeOneOf([0, 1, 5])
    expect(peakMb).toBeLessThan(450)
  },
)

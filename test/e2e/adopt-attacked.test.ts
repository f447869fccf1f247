import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readAll } from '../../src/simulator/content.ts'
import { originalOf } from '../../src/simulator/files.ts'
import { World } from '../../src/simulator/world.ts'
import { measuredRun } from './measured.ts'
import { expectAllHome, scenario } from './scenario.ts'

/** Archives that only somebody who means harm makes, and what no picture is; in each archive one is good. */
const making = `
import io, os, struct, sys, zipfile
good = [open(f'good{i}.jpg', 'rb').read() for i in range(4)]

def archive(name, entries, alter=lambda data: data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as made:
        for entry, data in entries: made.writestr(entry, data)
    open(name, 'wb').write(alter(bytearray(out.getvalue())))
    return out.getvalue()

def said(size):
    def alter(data):
        at = data.index(b'PK\\x01\\x02')
        struct.pack_into('<I', data, at + 24, size)
        return data
    return alter

inner = archive('inner.zip', [('bomb', bytes(50_000_000))])
for _ in range(20): inner = archive('nested.zip', [('inner.zip', inner), ('inner2.zip', inner)])
archive('nested.zip', [('inner.zip', inner), ('good1.jpg', good[0])])
archive('bomb.zip', [('bomb.jpg', bytes(300_000_000)), ('good2.jpg', good[1])])
archive('says-less.zip', [('lie.jpg', bytes(80_000_000)), ('good3.jpg', good[2])], said(10))
archive('says-more.zip', [('lie.jpg', b'x'), ('good4.jpg', good[3])], said(4_000_000_000))
os.remove('inner.zip')
for i in range(4): os.remove(f'good{i}.jpg')
os.mkfifo('pipe.jpg'), os.mkfifo('pipe.zip')
os.symlink('/dev/zero', 'zero.jpg'), os.symlink('.', 'loop')
if os.getuid() == 0: os.mknod('device.jpg', 0o020666, os.makedev(1, 5))
`

it('adopt takes what is good among bombs, archives in archives, wrong sizes, pipes and devices, in 450 MB', async () => {
  const world = new World()
  const album = world.addAlbum({ name: 'Oslo' })
  const images = Array.from({ length: 4 }, () => world.addImage(album, { size: 3000 }))
  await using scene = await scenario(world)
  const old = join(scene.folder, 'old')
  await mkdir(old)
  for (const [index, image] of images.entries())
    await writeFile(join(old, `good${index}.jpg`), readAll(originalOf(image).content))
  execFileSync('python3', ['-c', making], { cwd: old })
  const { code, stdout, peakMb } = await measuredRun(scene, ['adopt', old, '-o', scene.output])
  expect([code, stdout]).toEqual([1, expect.stringContaining('bomb.zip: bomb.jpg')])
  expect(peakMb).toBeLessThan(450)
  const { requests, ...run } = await scene.download()
  await expectAllHome(scene, { requests, ...run })
  expect(requests.media).toBe(0)
})

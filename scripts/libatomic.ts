import { execFile } from 'node:child_process'
import { access, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Notice } from './release/notices.ts'
import type { Target } from './targets.ts'

/** Where Debian puts the library that Node needs on Linux and that minimal systems lack. */
export async function libatomicOf(target: Target): Promise<string> {
  const { path } = await installed(target)
  return path
}

/** The terms under which the library may be passed on, with the place of its source, as the GPL wants it. */
export async function libatomicNotice(target: Target): Promise<Notice> {
  const { debianPackage } = await installed(target)
  const { stdout } = await promisify(execFile)('dpkg-query', ['--status', debianPackage])
  const [, version = ''] = /^Version: (.*)$/m.exec(stdout) ?? []
  const [, source = debianPackage] = /^Source: (\S+)/m.exec(stdout) ?? []
  const copyright = await readFile(`/usr/share/doc/${debianPackage}/copyright`, 'utf8')
  const gpl = await readFile('/usr/share/common-licenses/GPL-3', 'utf8')
  const head = `The file libatomic.so.1 is Debian's package ${debianPackage}, unchanged. Its source is Debian's source package ${source}, at https://snapshot.debian.org/package/${source}/.`
  return {
    name: 'libatomic',
    version,
    license: 'GPL-3.0-or-later WITH GCC-exception-3.1',
    text: `${head}\n\n${copyright}\n${gpl}`,
  }
}

async function installed(target: Target): Promise<{ path: string; debianPackage: string }> {
  const triple = `${target.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`
  const debianArch = { arm64: 'arm64', x64: 'amd64' }[target.arch]
  const places = [
    { path: `/usr/lib/${triple}/libatomic.so.1`, debianPackage: 'libatomic1' },
    { path: `/usr/${triple}/lib/libatomic.so.1`, debianPackage: `libatomic1-${debianArch}-cross` },
  ]
  for (const place of places) {
    if (
      await access(place.path).then(
        () => true,
        () => false,
      )
    )
      return place
  }
  throw new Error(`libatomic for ${triple} is missing; on Debian: apt-get install libatomic1 libatomic1-arm64-cross`)
}

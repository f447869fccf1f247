import { access } from 'node:fs/promises'
import type { Target } from './targets.ts'

/** Where Debian puts the library that Node needs on Linux and that minimal systems lack. */
export async function libatomicOf(target: Target): Promise<string> {
  const triple = `${target.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`
  const places = [`/usr/lib/${triple}/libatomic.so.1`, `/usr/${triple}/lib/libatomic.so.1`]
  for (const place of places) {
    if (
      await access(place).then(
        () => true,
        () => false,
      )
    )
      return place
  }
  throw new Error(`libatomic for ${triple} is missing; on Debian: apt-get install libatomic1 libatomic1-arm64-cross`)
}

import { listing } from '../../src/simulator/listing.ts'
import { albumsBelow } from '../../src/simulator/world.ts'
import { claim } from './claim.ts'
import type { Proof } from './prove.ts'
import { itemKey, type State } from './state.ts'

/** Somebody asked whether everything is at home: nothing is claimed that is not so. */
export function proofGiven(state: State, { verified, certificate, items }: Proof): void {
  const slots = [...state.slots.values()]
  const intact = slots.filter((slot) => slot.intact)
  // Archives without images are counted by themselves, and stay remembered when somebody takes them away.
  if (!state.zipUsed) {
    claim(verified.items === slots.length, `verify looks at ${slots.length} images, not at ${verified.items}`)
    claim(verified.ok === intact.length, `verify finds ${intact.length} intact, not ${verified.ok}`)
    const ours = new Set(slots.map(({ path }) => path))
    const unknown = [...state.persons.keys()].filter((path) => !ours.has(path)).length
    claim(verified.unknown === unknown, `verify names ${unknown} files that are not ours, not ${verified.unknown}`)
  }

  const albums = [...albumsBelow(state.world.root)]
  const verdicts = new Map(items.map(({ album = '', image = '', verdict }) => [itemKey(album, image), verdict]))
  let open = albums.filter(({ locked }) => locked).length
  for (const image of listing(state.world)) {
    const key = itemKey(image.albumKey, image.imageKey)
    const verdict = verdicts.get(key)
    claim(verdict !== undefined, `check has a verdict on ${key}`)
    const isSame = verdict.kind === 'same'
    if (!isSame) open += 1
    const there = intact.filter((slot) => slot.album === image.albumKey && slot.image === image.imageKey)
    if (image.available === 'none') claim(!isSame || there.length > 0, `${key} is not at home, check says it is`)
    else {
      const isHome = there.some(({ md5 }) => md5 === image.md5)
      claim(isHome === isSame, `${key} is at home: ${isHome}, check says ${verdict.kind}`)
    }
  }
  const { complete } = certificate
  claim(complete === (open === 0), `${open} are open, the certificate says ${complete ? 'complete' : 'incomplete'}`)

  const said = items.filter(({ verdict }) => verdict.kind === 'gone').length
  const gone = goneAtHome(state)
  claim(said === gone, `${gone} are at home only, check says ${said}`)
}

/** Images that SmugMug no longer has, and of which something stands where they were: what the user made of them, too. */
function goneAtHome({ world, slots, tree }: State): number {
  const stands = (path: string) => [...tree.keys()].some((name) => name === path || name.startsWith(`${path}/`))
  const gone = new Set<string>()
  for (const { album, image, path } of slots.values()) {
    const node = world.albums.get(album)
    const isListed = node?.locked || node?.images.some(({ key }) => key === image)
    if (!isListed && stands(path)) gone.add(itemKey(album, image))
  }
  return gone.size
}

import type { State } from './state.ts'
import { fileAt, type Tree } from './tree.ts'

/** The user did something at home, which is `after` now. */
export function personActed(state: State, after: Tree): void {
  const { slots, persons, bare } = state
  for (const [path, file] of bare) if (fileAt(after, path)?.md5 !== file.md5) bare.delete(path)
  for (const slot of slots.values()) {
    if (!slot.intact) continue
    const is = fileAt(after, slot.path)
    if (is?.md5 !== slot.fileMd5) slot.intact = false
  }
  const ours = new Set([...slots.values()].filter(({ intact }) => intact).map(({ path }) => path))
  for (const path of bare.keys()) ours.add(path)
  persons.clear()
  for (const [path, file] of after) if (typeof file === 'object' && !ours.has(path)) persons.set(path, file)
  // Brought back, by a rename or from somewhere else: nobody can tell that it was away.
  for (const slot of slots.values()) {
    if (slot.intact || fileAt(after, slot.path)?.md5 !== slot.fileMd5) continue
    if (slot.exporter === 'folder' && ours.has(slot.path)) continue
    slot.intact = true
    persons.delete(slot.path)
    ours.add(slot.path)
  }
  state.tree = after
}

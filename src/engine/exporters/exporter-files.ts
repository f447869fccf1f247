import { join } from 'node:path'
import type { Catalog } from '../../catalog/catalog.ts'
import type { InspectDepth, Inspection } from '../../exporter/types.ts'
import { type FileProof, inspectFile, proofOf } from '../files/proof.ts'
import { statOf } from '../files/same-file.ts'
import { selfProven } from '../files/self-proven.ts'
import { writtenBy } from '../verify/inventory.ts'

/**
 * The proofs of the files that an exporter wrote itself, by path. A file is announced before it gets its name and recorded afterwards, so that
 * it is known as ours even if the run is killed in between.
 */
export function ownFiles(exporter: string, root: string, { state }: Catalog) {
  const written = writtenBy(exporter)
  const announced = `${exporter}:announced`

  /** The proof of the file that we left at `path`; undefined if there is none. */
  async function leftAt(path: string): Promise<FileProof | undefined> {
    const coming = state.get(announced, path) as (FileProof & { from?: string }) | undefined
    if (coming !== undefined) {
      const { from, ...proof } = coming
      if ((await inspectFile(root, proof, 'quick')) === 'ok') record(proof, from)
      else state.set(announced, path, undefined)
    }
    const known = state.get(written, path) as FileProof | undefined
    if (known !== undefined) return known
    const found = await selfProven(root, path)
    if (found !== undefined) record(found)
    return found
  }

  function record(proof: FileProof, from = proof.path): void {
    if (from !== proof.path) forget(from)
    state.set(written, proof.path, proof)
    state.set(announced, proof.path, undefined)
  }

  function forget(path: string): void {
    state.set(written, path, undefined)
    state.set(announced, path, undefined)
  }

  async function inspect(path: string, depth: InspectDepth): Promise<Inspection> {
    const proof = await leftAt(path)
    if (proof === undefined) return (await statOf(join(root, path))) === undefined ? 'missing' : 'changed'
    const found = await inspectFile(root, proof, depth)
    // It was copied or touched: the current state is recorded from now on.
    if (found === 'ok' && depth === 'full') record(await proofOf(root, path, proof.sha256))
    return found
  }

  return {
    /** The proof of our file at `path`, renewed if only its time has changed, as in a copy of the whole home. */
    async at(path: string): Promise<FileProof | undefined> {
      if ((await inspect(path, 'quick')) === 'changed') await inspect(path, 'full')
      return leftAt(path)
    },
    /** Announces that the file is about to be at `proof.path`, no longer at `from`. */
    announce(proof: FileProof, from = proof.path): void {
      state.set(announced, proof.path, { ...proof, from })
    },
    record,
    forget,
    /** Records that ours stands beside it: if the user changed what we left at `path`, it is the user's from now on. */
    async yield(path: string): Promise<void> {
      if ((await inspect(path, 'quick')) === 'changed' && (await inspect(path, 'full')) === 'changed') forget(path)
    },
    inspect,
  }
}

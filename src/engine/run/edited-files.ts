import type { Catalog } from '../../catalog/catalog.ts'
import { SmugdlError } from '../../error.ts'
import { isFileProof, isKeptEdited, lookAtFile } from '../files/proof.ts'
import { inspectionOf } from '../verify/inspect.ts'
import type { RunPlan } from './plan.ts'

/** The part of an exporter that can be looked at here. */
interface Place {
  readonly name: string
  /** Absolute. */
  readonly output: string
}

interface Parts {
  plan: Pick<RunPlan, 'edited'>
  catalog: Catalog
  draining: AbortSignal
}

/**
 * What becomes of the files that the user changed at home: they stay in any case. Their originals are fetched beside them (`restore`), or not
 * (`keep`), as the user asked; else as long as they are few, up to 20 or 1 % of home, whichever is more. Of more it is not known what the
 * user wants (`ask`): an editor that wrote captions into 2,000 pictures must not make 2,000 downloads. They are counted when the first one
 * is met, before anything is fetched for one.
 */
export class EditedFiles {
  readonly #parts: Parts
  readonly #places: readonly Place[]
  #areFew: Promise<boolean> | undefined

  constructor(parts: Parts, places: readonly Place[]) {
    this.#parts = parts
    this.#places = places
  }

  async wish(): Promise<'restore' | 'keep' | 'ask'> {
    const { edited } = this.#parts.plan
    if (edited !== undefined) return edited
    this.#areFew ??= this.#count()
    return (await this.#areFew) ? 'restore' : 'ask'
  }

  async #count(): Promise<boolean> {
    const { catalog, draining } = this.#parts
    const atHome = this.#places.reduce((sum, { name }) => sum + catalog.deliveries.totals(name).files, 0)
    const most = Math.max(20, Math.floor(atHome / 100))
    let edited = 0
    for (const { name, output } of this.#places) {
      for (const { delivery, pending } of catalog.deliveries.of(name)) {
        if (draining.aborted) throw new SmugdlError('cancelled', { what: 'Interrupted' })
        if (pending || !isFileProof(delivery) || isKeptEdited(delivery)) continue
        if ((await inspectionOf(() => lookAtFile(output, delivery))).state === 'changed') edited += 1
        if (edited > most) return false
      }
    }
    return true
  }
}

/** Why the original of an edited file is not fetched. */
export function tooManyEdited(): SmugdlError {
  return new SmugdlError('item', {
    what: 'You changed it at home, and so many others that none of the originals is fetched',
    next: '--keep-edited keeps yours for good; --restore-originals fetches the originals and puts them beside yours',
  })
}

import { splitExtension } from '../exporter/safe-name.ts'
import { safePath } from '../exporter/safe-path.ts'
import type { Delivery, Exporter, ExporterContext } from '../exporter/types.ts'
import { version } from '../version.ts'
import { accountListing, deliveriesOf } from './account-listing.ts'
import { writtenBy } from './files-at-home.ts'
import { type FileProof, inspectFile, isFileProof } from './home.ts'
import type { RunPlan } from './plan.ts'
import type { Session } from './session.ts'
import type { Tally } from './tally.ts'

interface Needs
  extends Pick<Session, 'catalog' | 'home' | 'recorder' | 'trash' | 'withBytes' | 'staged' | 'signal' | 'emit'> {
  plan: Pick<RunPlan, 'output' | 'exporterOptions' | 'dryRun'>
  tally: Pick<Tally, 'notice'>
}

/** All that one exporter may do. Built-in exporters share the output folder. */
export function contextFor(exporter: Exporter, session: Needs): ExporterContext {
  const { plan, catalog, home, recorder, staged, tally } = session
  const { name } = exporter
  const output = plan.output
  const say = (text: string) => `[${name}] ${text}`
  const tellBeside = (wanted: string, delivery: Delivery) => {
    if (delivery.path === wanted) return
    tally.notice(`"${wanted}" holds something else, which stays as it is; ours is beside it as "${delivery.path}".`)
  }
  return {
    log: {
      debug: (text) => session.emit({ type: 'detail', text: say(text) }),
      info: (text) => session.emit({ type: 'detail', text: say(text) }),
      warn: (text) => tally.notice(say(text)),
    },
    signal: session.signal,
    output,
    options: plan.exporterOptions[name] ?? {},
    dryRun: plan.dryRun,
    version,
    async place(file, names, { modifiedAt } = {}) {
      const incoming = staged.get(file.path)
      if (incoming === undefined) throw new Error('place() was given a file that is not being delivered')
      const before = incoming.before?.delivery
      const path = safePath(names)
      const old = isFileProof(before) ? before : undefined
      const delivery = await home.put(output, path, besidePath(path, incoming.imageKey), incoming, modifiedAt, old)
      tellBeside(path, delivery)
      return delivery
    },
    async move(delivery, names) {
      const path = safePath(names)
      const row = catalog.deliveries.atPath(name, delivery.path)
      const moved = await home.move(output, ours(delivery), path, besidePath(path, row?.image ?? name))
      tellBeside(path, moved)
      return moved
    },
    async writeFile(names, data) {
      const file = await this.createFile(names)
      await file.write(data)
      return file.commit()
    },
    async createFile(names) {
      const path = safePath(names)
      const written = writtenBy(name)
      const old = catalog.state.get(written, path) as Delivery | undefined
      return home.create(output, path, isFileProof(old) ? old : undefined, (proof) => {
        tellBeside(path, proof)
        catalog.state.set(written, proof.path, proof)
      })
    },
    async discard(delivery) {
      await home.discard(output, ours(delivery), session.trash)
      catalog.state.set(writtenBy(name), delivery.path, undefined)
    },
    async deliveries(image, album) {
      await recorder.flush()
      return deliveriesOf(album.key, image.key, catalog)
    },
    listing: () => accountListing(catalog, session.withBytes),
    inspect: async (delivery, depth) => inspectFile(output, ours(delivery), depth),
    state: {
      get: async (key) => catalog.state.get(name, key),
      set: async (key, value) => catalog.state.set(name, key, value),
    },
  }
}

/** ` [ImageKey]` before the extension. */
function besidePath(path: string, key: string): string {
  const slash = path.lastIndexOf('/') + 1
  const { stem, extension } = splitExtension(path.slice(slash))
  return `${path.slice(0, slash)}${stem} [${key}]${extension}`
}

function ours(delivery: Delivery): FileProof {
  if (isFileProof(delivery)) return delivery
  throw new Error('only deliveries that place() returned can be inspected or moved')
}

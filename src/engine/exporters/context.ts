import { basename, dirname, join, posix } from 'node:path'
import { safePath } from '../../exporter/safe-path.ts'
import type { Album, Delivery, Exporter, ExporterContext, Image, Network } from '../../exporter/types.ts'
import { version } from '../../version.ts'
import { accountListing, albumListing, deliveriesOf } from '../account/listed-account.ts'
import { besidePath } from '../files/beside-path.ts'
import { type FileProof, inspectFile, isFileProof } from '../files/proof.ts'
import type { StagedFile } from '../files/staged-file.ts'
import { type RunPlan, usualAtOnce } from '../run/plan.ts'
import type { Session } from '../run/session.ts'
import type { Tally } from '../run/tally.ts'
import { currentHook } from './current-hook.ts'
import type { DeliveredFiles } from './delivered-files.ts'
import { duplicateSource } from './duplicates.ts'
import type { InstalledExporter } from './installed.ts'
import { requireFree } from './own-folders.ts'
import { refuseSpecialOnPath } from './special-files.ts'

interface Needs
  extends Pick<
    Session,
    'catalog' | 'staging' | 'destination' | 'recorder' | 'withBytes' | 'staged' | 'signal' | 'emit'
  > {
  plan: Pick<RunPlan, 'output' | 'exporterOptions' | 'dryRun' | 'concurrency'>
  tally: Pick<Tally, 'notice'>
  network: Network | undefined
  /** SmugMug's own small copy of an image, staged. */
  smallCopy(image: Image, album: Album, size: 'S' | 'M'): Promise<StagedFile | undefined>
  /** The exporters of this run. */
  installed: readonly InstalledExporter[]
  /** Folders of the output that any plugin has ever claimed. */
  claimed: readonly string[]
}

/** The context of one exporter. Built-in exporters share the output folder; a plugin has its own folder in it. */
export function contextFor(installed: InstalledExporter, files: DeliveredFiles, session: Needs): ExporterContext {
  const { plan, catalog, destination, recorder, staged, tally } = session
  const { name } = installed.exporter
  const { output, own, paths } = files
  const reserved = reservedFor(installed, session)
  const pathOf = async (names: readonly string[]) => {
    const path = safePath(names)
    requireFree(path, reserved)
    if (!installed.trusted) await refuseSpecialOnPath(output, path)
    return destination.names.fitted(path)
  }
  /** Small copies that it received but has not placed, by path. */
  const small = new Set<string>()
  const fallbackPath = (path: string, key: string) => destination.names.fitted(besidePath(path, key))
  /** Number of characters in its state; counted at the first write. */
  let stateSize: number | undefined
  const say = (text: string) => `[${name}] ${text}`
  const duplicate = duplicateSource(name, output, {
    catalog,
    staging: session.staging,
    notice: (text) => tally.notice(say(text)),
  })
  /** Another picture of ours may have the path, if a template gives both the same name; that is not worth a message. */
  const reportFallback = (wanted: string, { path, sha256 }: FileProof) => {
    if (path === wanted || paths.ownerOf(wanted, currentHook(), sha256) !== undefined) return
    tally.notice(`"${wanted}" holds something else, which stays as it is; ours is beside it as "${path}".`)
  }
  /** Whether a path belongs to another image; if not, this image claims it. */
  const isTaken = (sha256: string) => (path: string) => {
    if (paths.ownerOf(path, currentHook(), sha256) !== undefined) return true
    paths.claim(path, currentHook())
    return false
  }
  /** For a picture in several albums with one path: the file of one album is this one's too, and a file that another album still uses `stays`. */
  const another = async (proof: FileProof, path: string, other: string, stays: boolean) => {
    const source = {
      ...proof,
      path: join(output, proof.path),
      md5: '',
      movable: false,
      isBrought: false,
      external: 'copy',
    } as const
    const there = await destination.put(source, {
      root: output,
      path,
      fallback: other,
      modifiedMs: proof.modifiedMs,
      old: stays ? [] : [proof],
      isTaken: isTaken(proof.sha256),
    })
    return { ...proof, ...there }
  }
  const made = (proof: FileProof, wanted: string) => {
    currentHook()?.made.set(proof.path, proof)
    reportFallback(wanted, proof)
    return proof
  }
  return {
    log: {
      debug: (text) => session.emit({ type: 'detail', text: say(text) }),
      info: (text) => session.emit({ type: 'detail', text: say(text) }),
      warn: (text) => tally.notice(say(text)),
    },
    signal: session.signal,
    output,
    // An exporter outside of this run is only read from.
    options: plan.exporterOptions[name] ?? defaultsOf(installed.exporter),
    dryRun: plan.dryRun,
    version,
    account: catalog.account.get()?.nickName ?? '',
    exporters: session.installed.map(({ exporter }) => exporter.name),
    concurrency: plan.concurrency ?? usualAtOnce,
    ...(installed.trusted && session.network && { network: session.network }),
    async place(file, names, { modifiedAt, duplicates = 'copy' } = {}) {
      const incoming = staged.get(file.path)
      if (incoming === undefined) throw new Error('place() was given a file that is not being delivered')
      const before = incoming.before?.delivery
      const old = isFileProof(before) ? [before] : []
      const kept = keptBy(before) ?? followed(await pathOf(names), files)
      const path = kept?.path ?? (await pathOf(names))
      const source = await duplicate.sourceOf(incoming, path, duplicates)
      const other = await fallbackPath(path, incoming.imageKey)
      const remade = small.has(file.path)
      const proof = await destination.put(source, {
        root: output,
        path,
        fallback: other,
        modifiedMs: modifiedAt,
        old,
        isTaken: isTaken(file.sha256),
        remade,
      })
      if (small.delete(file.path)) staged.delete(file.path)
      return made({ ...proof, ...(kept && { movedFrom: kept.movedFrom }) }, path)
    },
    async move(delivery, names) {
      const proof = await files.provenOf(delivery)
      if (keptBy(proof) !== undefined) return proof
      const path = await pathOf(names)
      const isOwn = (await own.at(delivery.path)) !== undefined
      const mark = isOwn ? 'smugdl' : (catalog.deliveries.atPath(name, delivery.path)?.image ?? name)
      const other = await fallbackPath(path, mark)
      if (isOwn) for (const candidate of [path, other]) own.announce({ ...proof, path: candidate }, delivery.path)
      const stays = paths.isElsewhere(proof.path, currentHook())
      // Under its name or, where another picture has that, under the one with its key.
      const isThere = [path, other].some((candidate) => paths.isElsewhere(candidate, currentHook()))
      if (proof.path !== path && (stays || isThere)) return made(await another(proof, path, other, stays), path)
      const moved = await destination.move(proof, {
        root: output,
        path,
        fallback: other,
        isTaken: isTaken(proof.sha256),
      })
      if (isOwn) {
        if (moved.path !== path) await own.yield(path)
        own.record(moved, delivery.path)
      }
      return made(moved, path)
    },
    async writeFile(names, data) {
      const file = await this.createFile(names)
      await file.write(data)
      return file.commit()
    },
    async createFile(names) {
      const path = await pathOf(names)
      const other = await fallbackPath(path, 'smugdl')
      return destination.create(async (ready) => {
        paths.refuseTaken(path, currentHook(), ready.sha256)
        paths.claim(path, currentHook())
        const old = (await Promise.all([own.at(path), own.at(other)])).filter((proof) => proof !== undefined)
        const { size, sha256, modifiedMs } = ready
        for (const candidate of [path, other]) own.announce({ path: candidate, size, sha256, modifiedMs })
        const proof = await destination.put(ready, {
          root: output,
          path,
          fallback: other,
          old,
          isTaken: isTaken(sha256),
          remade: true,
        })
        if (proof.path !== path) await own.yield(path)
        // It is at its own path again: what stood beside that while something else was there is gone, or the user's.
        else own.forget(other)
        own.record(proof)
        return made(proof, path)
      })
    },
    discard: (delivery) => files.discard(delivery),
    async deliveries(image, album) {
      const key = { album: album.key, image: image.key, component: image.component }
      return deliveriesOf(key, catalog, recorder.waitingFor(key))
    },
    async smallCopy(image, album, size) {
      if (plan.dryRun || installed.exporter.wantsSmallCopies !== true) return undefined
      const file = await session.smallCopy(image, album, size)
      if (file === undefined) return undefined
      file.before = catalog.deliveries.get(name, { album: album.key, image: image.key })
      small.add(file.path)
      return file
    },
    listing: () => accountListing(catalog, session.withBytes, name),
    images: (album) => albumListing(album.key, catalog, session.withBytes, name),
    async inspect(delivery, depth) {
      const found = isFileProof(delivery)
        ? await inspectFile(output, delivery, depth)
        : await own.inspect(delivery.path, depth)
      currentHook()?.inspected.set(delivery.path, found)
      return found
    },
    uploaded: (bytes) => session.emit({ type: 'uploaded', exporter: name, bytes }),
    state: {
      get: async (key) => catalog.state.get(name, key),
      async set(key, value) {
        const before = catalog.state.get(name, key)
        stateSize ??= catalog.state.size(name)
        const size = stateSize + jsonLength(value) - jsonLength(before)
        if (!installed.trusted && size > mostState) throw new RangeError(stateFull)
        catalog.state.set(name, key, value)
        stateSize = size
      },
    },
  }
}

function defaultsOf({ options = {} }: Exporter): Record<string, string | number | boolean> {
  const given = Object.entries(options).map(([name, option]) => [name, option.default])
  return Object.fromEntries(given.filter(([, value]) => value !== undefined))
}

/** First path segments that this exporter must not use: those claimed by plugins or reserved by the other exporters of this run. */
function reservedFor(own: InstalledExporter, { installed, claimed }: Pick<Needs, 'installed' | 'claimed'>): string[] {
  if (own.folder !== '') return []
  const others = installed.filter(({ exporter }) => exporter.name !== own.exporter.name)
  return ['.smugdl', ...claimed, ...others.flatMap(({ reserves }) => reserves)]
}

/** Maximum bytes that one plugin may keep in the catalog besides its deliveries. */
const mostState = 16 * 1024 * 1024

const stateFull = `the state of a plugin has at most ${mostState / 1024 / 1024} MB in all; what is larger belongs into its folder`

function jsonLength(value: unknown): number {
  return value === undefined ? 0 : JSON.stringify(value).length
}

/** The path of a picture that belongs beside pictures that the user moved. */
function followed(path: string, { folders }: DeliveredFiles): { path: string; movedFrom: string } | undefined {
  const folder = folders.get(currentHook()?.album ?? '')?.to.get(dirname(path))
  return folder === undefined ? undefined : { path: posix.join(folder, basename(path)), movedFrom: path }
}

/** The path to which the user moved a file; undefined if it was not moved. */
function keptBy(delivery: Delivery | undefined): { path: string; movedFrom: string } | undefined {
  if (!isFileProof(delivery) || typeof delivery.movedFrom !== 'string') return undefined
  return { path: delivery.path, movedFrom: delivery.movedFrom }
}

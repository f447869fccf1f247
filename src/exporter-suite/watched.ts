import type { Exporter, ExporterContext, Hooks, NewFile } from '../exporter/types.ts'

/** A moment in the work of an exporter: before or after one of its hooks or its calls to the context. */
export interface Moment {
  readonly when: 'before' | 'after'
  /** `deliver`, `context.place`, … */
  readonly what: string
}

/** The same exporter, with `onMoment` called at each moment; an error thrown before a hook or call replaces it. */
export function watched(exporter: Exporter, onMoment: (moment: Moment) => Promise<void> | void): Exporter {
  const at = async <T>(what: string, work: () => Promise<T> | T): Promise<T> => {
    await onMoment({ when: 'before', what })
    const result = await work()
    await onMoment({ when: 'after', what })
    return result
  }
  return {
    ...exporter,
    create: async (context) => watchedHooks(await exporter.create(watchedContext(context, at)), at),
  }
}

type At = <T>(what: string, work: () => Promise<T> | T) => Promise<T>

function watchedHooks(hooks: Hooks, at: At): Hooks {
  const { prepare, begin, beginAlbum, deliver, unchanged, failed, endAlbum, finish, abort, relocate, remove } = hooks
  const all = { prepare, begin, beginAlbum, deliver, unchanged, failed, endAlbum, finish, abort, relocate, remove }
  const seen = Object.entries(all).flatMap(([name, hook]) =>
    hook === undefined
      ? []
      : [[name, (...args: never[]) => at(name, () => (hook as (...args: never[]) => unknown).apply(hooks, args))]],
  )
  return { ...hooks, ...Object.fromEntries(seen) }
}

function watchedContext(context: ExporterContext, at: At): ExporterContext {
  return {
    ...context,
    place: (...args) => at('context.place', () => context.place(...args)),
    writeFile: (...args) => at('context.writeFile', () => context.writeFile(...args)),
    createFile: async (...args) => watchedFile(await at('context.createFile', () => context.createFile(...args)), at),
    move: (...args) => at('context.move', () => context.move(...args)),
    discard: (...args) => at('context.discard', () => context.discard(...args)),
    state: {
      get: (key) => context.state.get(key),
      set: (...args) => at('context.state.set', () => context.state.set(...args)),
    },
  }
}

function watchedFile(file: NewFile, at: At): NewFile {
  return {
    path: file.path,
    write: (chunk) => at('file.write', () => file.write(chunk)),
    async commit() {
      try {
        return await at('file.commit', () => file.commit())
      } catch (error) {
        // As of itself: what fails to be committed leaves no trace.
        await file.abort()
        throw error
      }
    },
    abort: () => file.abort(),
  }
}

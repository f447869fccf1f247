import type { Hooks } from '../exporter/types.ts'

export type HookName = keyof Hooks

/** Every hook that crosses the border; `read` does not, because bytes stay where they are. What else a plugin has is its own affair. */
export const hookNames = Object.keys({
  prepare: true,
  begin: true,
  beginAlbum: true,
  deliver: true,
  sidecars: true,
  unchanged: true,
  failed: true,
  endAlbum: true,
  finish: true,
  abort: true,
  inspect: true,
  relocate: true,
  pathOf: true,
  remove: true,
  find: true,
} satisfies Record<Exclude<HookName, 'read'>, true>) as readonly Exclude<HookName, 'read'>[]

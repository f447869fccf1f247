import type { Hooks } from '../exporter/types.ts'

export type HookName = keyof Hooks

/** Every hook that crosses the border; `read` and `strays` do not: bytes stay where they are, and nobody is asked about each path from there. What else a plugin has is its own affair. */
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
  copy: true,
  pathOf: true,
  remove: true,
  find: true,
} satisfies Record<Exclude<HookName, 'read' | 'strays'>, true>) as readonly Exclude<HookName, 'read' | 'strays'>[]

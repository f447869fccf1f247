import type { Hooks } from '../exporter/types.ts'

export type HookName = keyof Hooks

/** The hooks that smugdl calls in a plugin's process. Not `read` and `strays`: neither bytes nor a question for each path are passed there. */
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

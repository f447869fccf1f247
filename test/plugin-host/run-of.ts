import { expect } from 'vitest'
import type { Exporter } from '../../src/exporter/index.ts'
import { openStage, type Ran } from '../../src/exporter-suite/stage.ts'
import type { Grants } from '../../src/plugin-host/permissions.ts'
import { World } from '../../src/simulator/world.ts'
import { installed } from '../installed.ts'
import { type PluginFolder, pluginFolder } from './plugin.ts'

/** Another exporter of the same run, which must get its own whatever the plugin does. */
export const innocent: Exporter = {
  name: 'folder',
  apiVersion: 1,
  create: (context) => ({ deliver: (image, file) => context.place(file, [image.name]) }),
}

interface Outcome extends Ran {
  /** What the user reads: the reasons of what failed, or what ended the run. */
  said: string[]
  output: string
}

/** A run of a plugin `bad` with this module code, before or after another exporter. */
export async function runOf(
  code: string,
  {
    env = {},
    first = true,
    images = 1,
    grants = {} as Partial<Grants>,
    /** Puts more beside the plugin, or makes it a folder; returns its name. */
    around = async (_folder: PluginFolder): Promise<string | undefined> => undefined,
  } = {},
): Promise<Outcome> {
  const world = new World()
  const album = world.addAlbum({ name: 'One' })
  for (let image = 1; image <= images; image++) world.addImage(album, { fileName: `${image}.jpg` })
  await using folder = await pluginFolder()
  const name = (await around(folder)) ?? 'bad.mjs'
  if (name === 'bad.mjs') await folder.write(name, code)
  await using stage = await openStage(world, installed)
  await using bad = await folder.load(name, grants, env)
  const ran = await stage.run(first ? [bad, innocent] : [innocent, bad])
  if (ran.summary !== undefined) expect(ran.summary.exporters.folder).toMatchObject({ new: images, failed: 0 })
  const said = ran.summary?.failed.map(({ reason }) => reason) ?? [String((ran.error as Error)?.message)]
  const hide = (text: string) => text.replaceAll(stage.output, '<output>').replaceAll(folder.path, '<plugins>')
  return { ...ran, said: said.map(hide), output: stage.output }
}

/** A plugin whose hooks are `hooks`, source code, and that is right otherwise. */
export const plugin = (hooks: string) => `
  import * as fs from 'node:fs'
  export default {
    name: 'bad',
    apiVersion: 1, keeps: 'nothing',
    create: (context) => ({ deliver() {}, ${hooks} }),
  }`

export const delivering = (body: string) => plugin(`async deliver(image, file) { ${body} }`)

export const inDeliver = 'Exporter "bad" failed in deliver: '

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { knownExporters } from '../../app/exporter-registry.ts'
import { pathGiven } from '../../app/path-given.ts'
import { printable } from '../../app/text/printable.ts'
import { SmugdlError } from '../../error.ts'
import { nameRefusal } from '../../plugin-host/find.ts'
import type { Io } from '../io.ts'
import { scaffold } from './scaffold.ts'

/** Writes a plugin that works into the folder `name`, which must not be there. */
export async function newPlugin(name: string, kind: 'ts' | 'mjs', io: Io): Promise<0> {
  const refusal = knownExporters().some((ours) => ours.name === name)
    ? { what: `The exporter ${name} comes with smugdl`, next: 'Choose another name' }
    : nameRefusal(name)
  if (refusal !== undefined) throw new SmugdlError('usage', refusal)
  const folder = pathGiven(name, io)
  try {
    await mkdir(folder)
  } catch (cause) {
    throw new SmugdlError('usage', {
      what: 'The folder for the plugin cannot be made',
      item: folder,
      next: 'It must not be there yet',
      cause,
    })
  }
  for (const [file, text] of Object.entries(scaffold(name, kind))) await writeFile(join(folder, file), text)
  io.stdout.write(
    printable(`${name}/ holds a plugin that works. Next:`) +
      `\n  smugdl plugins dev ${name}                              tries it, again whenever you save it\n` +
      `  smugdl download -e folder,${name} --plugin-dir .        uses it\n`,
  )
  return 0
}

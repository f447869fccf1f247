import { allowedTo, allow as allowPlugin } from '../../app/allowed-plugins.ts'
import { thePlugin } from '../../app/chosen-exporters.ts'
import type { PlaceValues } from '../../app/plugin-folders.ts'
import { grantsIn } from '../../app/plugin-permissions.ts'
import { printable } from '../../app/text/printable.ts'
import { SmugdlError } from '../../error.ts'
import { noGrants, withMore } from '../../plugin-host/permissions.ts'
import type { Io } from '../io.ts'
import { permissionsIn } from './permissions.ts'

/** Allows a plugin more from now on, as long as its files stay as they are. */
export async function allow(name: string, rights: readonly string[], values: PlaceValues, io: Io): Promise<0> {
  if (rights.length === 0)
    throw new SmugdlError('usage', {
      what: 'smugdl plugins allow needs at least one right',
      next: 'Rights are net, run, read=PATH, write=PATH and all',
    })
  const plugin = await thePlugin(name, values, io)
  const { grants, isChanged } = await allowedTo(plugin, io)
  // What was allowed to other files is not passed on.
  const all = withMore(isChanged ? noGrants : grants, grantsIn(rights, io))
  await allowPlugin(plugin, all, io)
  io.stdout.write(`${printable(`${name} (${plugin.path}) is allowed ${permissionsIn(all).join(', ')}`)}\n`)
  return 0
}

/** Takes back all that a plugin was allowed. */
export async function deny(name: string, values: PlaceValues, io: Io): Promise<0> {
  const plugin = await thePlugin(name, values, io)
  await allowPlugin(plugin, noGrants, io)
  io.stdout.write(`${printable(`${name} (${plugin.path}) is allowed ${permissionsIn(noGrants).join(', ')}`)}\n`)
  return 0
}

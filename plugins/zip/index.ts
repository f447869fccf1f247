import { defineExporter } from '../../src/exporter/index.ts'
import { options } from './options.ts'

/**
 * A ZIP archive for each album, where the folder exporter has its folder. What an archive holds follows from three things alone: the
 * album as it was last listed, the pictures that are new, and the archive that is there; so a run that was killed is simply done again.
 */
export default defineExporter({
  name: 'zip',
  apiVersion: 1,
  description: 'A ZIP archive for each album',
  reserves: ['*.zip'],
  hookMinutes: 12 * 60,
  options,
  create: async (context) => (await import('./hooks.ts')).hooks(context),
})

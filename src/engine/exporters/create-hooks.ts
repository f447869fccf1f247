import { SmugdlError } from '../../error.ts'
import type { ExporterContext, Hooks } from '../../exporter/types.ts'
import type { InstalledExporter } from './installed.ts'

/**
 * Creates the hooks of an exporter. Throws `usage` if that fails, because nothing has begun yet: a built-in one refuses an option so, and says
 * it to the user; which hook failed is news to the author of a plugin.
 */
export async function createdBy({ exporter, trusted }: InstalledExporter, context: ExporterContext): Promise<Hooks> {
  try {
    return await exporter.create(context)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const what = trusted ? `${exporter.name}: ${reason}` : `Exporter "${exporter.name}" failed in create: ${reason}`
    throw new SmugdlError('usage', { what, cause })
  }
}

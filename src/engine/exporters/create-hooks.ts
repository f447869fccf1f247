import { SmugdlError } from '../../error.ts'
import type { Exporter, ExporterContext, Hooks } from '../../exporter/types.ts'

/** Creates the hooks of an exporter. Throws `usage` if that fails, because nothing has begun yet. */
export async function createdBy(exporter: Exporter, context: ExporterContext): Promise<Hooks> {
  try {
    return await exporter.create(context)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new SmugdlError('usage', { what: `Exporter "${exporter.name}" failed in create: ${reason}`, cause })
  }
}

import * as v from 'valibot'

/** A JSON object of flags by name. Apart from `config-file.ts`, so that valibot is loaded only where there is a file to check. */
export const settingValues = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value)),
  v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.array(v.string())])),
)

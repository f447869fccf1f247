/** Replacements for options of earlier versions, so that choices remembered by a home keep their meaning. */
export function optionOfToday(
  exporter: string,
  option: string,
  value: string,
): readonly [option: string, value: string] | undefined {
  const values = earlier[`${exporter}.${option}`]
  return values !== undefined && Object.hasOwn(values, value) ? values[value] : undefined
}

/** The current form of an earlier version's option, by its old values; empty for an option that never existed. */
export function optionsOfToday(
  exporter: string,
  option: string,
): readonly (readonly [then: string, setting: string])[] {
  const name = `${exporter}.${option}`
  const values = Object.hasOwn(earlier, name) ? (earlier[name] ?? {}) : {}
  return Object.entries(values).map(([then, [today, value]]) => [then, `${exporter}.${today}=${value}`])
}

const earlier: Readonly<Record<string, Readonly<Record<string, readonly [string, string]>>>> = {
  'folder.layout': { names: ['path', '{album.path}/{name}'], urlpath: ['path', '{album.url}/{name}'] },
}

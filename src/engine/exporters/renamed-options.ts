/** What is said today instead of an option of an earlier version: what was chosen, and remembered by a home, means what it did. */
export function optionOfToday(
  exporter: string,
  option: string,
  value: string,
): readonly [option: string, value: string] | undefined {
  const values = earlier[`${exporter}.${option}`]
  return values !== undefined && Object.hasOwn(values, value) ? values[value] : undefined
}

/** How the option of an earlier version is given today, by its values of then; empty for one that there never was. */
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

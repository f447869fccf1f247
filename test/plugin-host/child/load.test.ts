import { describe, expect, test } from 'vitest'
import { pluginFolder } from '../plugin.ts'

const works = "{ name: 'a', apiVersion: 1, create: () => ({ deliver() {} }) }"

/** What the user reads when a plugin in this file is to be used. */
async function refusal(file: string, code: string, others: Record<string, string> = {}): Promise<string> {
  await using folder = await pluginFolder()
  for (const [path, text] of Object.entries(others)) await folder.write(path, text)
  await folder.write(file, code)
  const name = file.split('/')[0] ?? ''
  try {
    await using _plugin = await folder.load(name)
  } catch (error) {
    expect(error).toMatchObject({ kind: 'usage' })
    return (error as { what: string }).what.replaceAll(folder.path, '…')
  }
  return 'loads'
}

describe('a plugin loads', () => {
  test.each([
    ['a.mjs', `export default ${works}`],
    ['a.js', `export default ${works}`],
    ['a.cjs', `module.exports = ${works}`],
    ['a.js', `module.exports = ${works}`],
    ['a.ts', `const a: { name: string } = ${works}\nexport default a`],
    ['a.mts', `import type { X } from './nowhere.ts'\nexport default ${works} satisfies object`],
  ])('from %s: %s', async (file, code) => {
    expect(await refusal(file, code)).toBe('loads')
  })

  test('from a folder, with a file beside it and a package of its own', async () => {
    const others = {
      'a/package.json': '{ "type": "module", "main": "plugin.js" }',
      'a/node_modules/dep/package.json': '{ "main": "dep.cjs" }',
      'a/node_modules/dep/dep.cjs': 'exports.one = 1',
      'a/lib.js': "import { one } from 'dep'\nexport const name = one === 1 ? 'a' : 'b'",
    }
    const code = `import { name } from './lib.js'\nexport default { ...${works}, name }`
    expect(await refusal('a/plugin.js', code, others)).toBe('loads')
  })
})

describe('a plugin that does not load says why, and what to do:', () => {
  test.each<[string, string, string, string | RegExp, Record<string, string>?]>([
    ['bad syntax', 'a.mjs', 'export default {\n  name: \n}}', 'is not valid JavaScript: Expression expected, line 3'],
    [
      'bad syntax of CommonJS',
      'a.cjs',
      'module.exports = {\n',
      'is not valid JavaScript: Unexpected end of input, line 2',
    ],
    ['bad types', 'a.ts', 'type A = \n}', /^is not valid TypeScript: Unexpected token `}`.+, line 2$/],
    [
      'TypeScript that is more than types',
      'a.ts',
      `enum A { B }\nexport default ${works}`,
      'has TypeScript in it that is more than types (TypeScript enum is not supported in strip-only mode): only types can be erased',
    ],
    [
      'ES syntax under "type": "commonjs"',
      'a/index.js',
      `export default ${works}`,
      'has import or export in it, but counts as CommonJS because of …/a/package.json: write "type": "module" there, or rename the file to index.mjs',
      { 'a/package.json': '{ "type": "commonjs" }' },
    ],
    [
      'ES syntax in .cjs',
      'a.cjs',
      `export default ${works}`,
      'has import or export in it, but counts as CommonJS: rename it to a.mjs',
    ],
    [
      'await at the top level',
      'a.mjs',
      `await 1\nexport default ${works}`,
      'waits (await) at its top level, where a plugin cannot: move that into create() or prepare()',
    ],
    [
      'a missing package',
      'a.mjs',
      "import 'left-pad'",
      "needs the package left-pad, which is not there: install it in the plugin's own folder (with a package.json), or bundle it into the file",
    ],
    [
      'a missing file',
      'a.cjs',
      "require('./gone.cjs')",
      'imports ./gone.cjs, which is not there or lies outside of its folder',
    ],
    ['an exception', 'a.mjs', "throw new Error('no luck')", 'threw while it was loaded: no luck'],
    ['an exception that is none', 'a.mjs', 'throw undefined', 'threw undefined while it was loaded'],
    [
      'a file that it may not read',
      'a.mjs',
      "import { readFileSync } from 'node:fs'\nreadFileSync('/etc/passwd')",
      'wanted to read /etc/passwd, which it may not; "smugdl plugins allow a read=/etc/passwd" would permit it',
    ],
    [
      'a database',
      'a.mjs',
      "import 'node:sqlite'",
      'wanted to open a database, which it may not; "smugdl plugins allow a all" would permit it',
    ],
    ['no export', 'a.mjs', 'const a = 1', 'has no default export that is an object'],
    ['no create', 'a.mjs', "export default { name: 'a', apiVersion: 1 }", 'has no create(context)'],
    [
      'a newer API',
      'a.mjs',
      `export default { ...${works}, apiVersion: 2 }`,
      'needs plugin API 2, this smugdl knows 1',
    ],
    [
      'no API',
      'a.mjs',
      `export default { ...${works}, apiVersion: undefined }`,
      'says for which plugin API it is made nowhere: add apiVersion: 1',
    ],
    [
      'another name',
      'a.mjs',
      `export default { ...${works}, name: 'b' }`,
      'calls itself "b", but its file or folder "a": they must be the same',
    ],
    [
      'a wrong option',
      'a.mjs',
      `export default { ...${works}, options: { size: { type: 'int', help: 'x' } } }`,
      "has an option size that has no type: 'string', 'number' or 'boolean'",
    ],
    [
      'a default that is no choice',
      'a.mjs',
      `export default { ...${works}, options: { by: { type: 'string', help: 'x', choices: ['day'], default: 'year' } } }`,
      'has an option by that has a default that is none of its choices',
    ],
    ['its end', 'a.mjs', 'process.exit(3)', 'its process ended with code 3'],
  ])('%s (%s)', async (_what, file, code, sentence, others = {}) => {
    const said = await refusal(file, code, others)
    if (typeof sentence === 'string') expect(said).toBe(`The plugin a ${sentence}`)
    else expect(said.slice('The plugin a '.length)).toMatch(sentence)
  })
})

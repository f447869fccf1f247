// The `require` of the executable's entry, in front of which scripts/build.ts puts it. Node's own knows the built-in modules
// only; this one also finds the chunks, which are assets there and files in `cjs/` elsewhere. Each is compiled when it is
// first asked for: nobody waits for code that a command does not use.
;((builtinRequire) => {
  const { getRawAsset, isSea } = builtinRequire('node:sea')
  const { readFileSync } = builtinRequire('node:fs')
  const { compileFunction } = builtinRequire('node:vm')
  const modules = new Map()
  const parameters = ['exports', 'require', 'module', '__filename', '__dirname']

  function requireChunk(specifier) {
    const name = /^\.\.?\/(?:esm\/)?([^/]+)\.mjs$/.exec(specifier)?.[1]
    if (name === undefined) return builtinRequire(specifier)
    const file = `${name}.cjs`
    const known = modules.get(file)
    if (known) return known.exports
    const module = { exports: {} }
    modules.set(file, module)
    const bytes = isSea() ? Buffer.from(getRawAsset(file)) : readFileSync(`${__dirname}/cjs/${file}`)
    const run = compileFunction(bytes.toString(), parameters, { filename: file })
    run(module.exports, requireChunk, module, __filename, __dirname)
    return module.exports
  }
  return requireChunk
})(require)

import { defineConfig } from 'vitest/config'

/** Where CI wants the counts as JSON. */
const counts = process.env.SMUGDL_TEST_COUNTS

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // For machines that are busy with other things; no test waits for it.
    testTimeout: 180_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    reporters: counts === undefined ? ['default'] : ['default', ['json', { outputFile: counts }]],
  },
})

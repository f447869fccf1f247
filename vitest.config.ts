import { defineConfig } from 'vitest/config'

/** Where CI wants the counts as JSON. */
const counts = process.env.SMUGDL_TEST_COUNTS

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    reporters: counts === undefined ? ['default'] : ['default', ['json', { outputFile: counts }]],
  },
})

import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** A folder where CI wants the counts as JSON, a file a run. */
const counts = process.env.SMUGDL_TEST_COUNTS

/** What is slower than a contributor waits for after each change: `npm run test:NAME`. */
const slower = {
  e2e: ['test/e2e/**/*.test.ts', 'test/faults/**/*.test.ts', 'test/plugin-host/**/*.test.ts'],
  model: ['test/model/**/*.test.ts'],
  crash: ['test/crash/**/*.test.ts'],
}

/** Shared by every project: `extends` of the root would take its reporters along. */
const common = {
  // For machines that are busy with other things; no test waits for it.
  testTimeout: 180_000,
  hookTimeout: 60_000,
  // CI's machine is busy with other things, and may be out of memory or time for a moment; what passes the second time is shown as retried.
  retry: process.env.CI === undefined ? 0 : 1,
  globalSetup: 'test/built.ts',
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters:
      counts === undefined ? ['default'] : ['default', ['json', { outputFile: join(counts, `${process.pid}.json`) }]],
    projects: [
      {
        test: {
          ...common,
          name: 'rooms',
          include: ['test/**/*.test.ts'],
          exclude: [
            ...Object.values(slower)
              .flat()
              .filter((pattern) => !pattern.includes('model')),
            'test/model/many-*.test.ts',
          ],
        },
      },
      ...Object.entries(slower).map(([name, include]) => ({ test: { ...common, name, include } })),
    ],
  },
})

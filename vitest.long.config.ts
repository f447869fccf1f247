import { defineConfig } from 'vitest/config'

/** `npm run test:long`: what packs, downloads packages for other systems, or emulates them. */
export default defineConfig({
  test: {
    include: ['test/**/*.long.ts'],
    globalSetup: 'test/built.ts',
    testTimeout: 10 * 60_000,
    hookTimeout: 30 * 60_000,
    maxWorkers: 1,
    reporters: 'default',
  },
})

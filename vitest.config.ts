// How the tests run: on Node one process a file, two at a time; those of the edge inside workerd. Every test is bounded in time.
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { configDefaults, defineConfig } from 'vitest/config'

const bounds = { testTimeout: 20_000, hookTimeout: 30_000 }
const inWorkerd = 'test/workers/**/*.test.ts'

/** What is a secret or a setting of a real Worker. */
const bindings = {
  MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  OPERATOR_KEY: 'operator-key-of-the-tests',
  PUBLIC_URL: 'https://edge.test',
  SANDBOX: '1',
}

export default defineConfig({
  test: {
    maxWorkers: 2, // many wait for processes of their own; left to itself, vitest takes one on two processors
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, inWorkerd],
          ...bounds,
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' }, miniflare: { bindings } })],
        // One Worker for all of them: loading the gateway takes longer than any test.
        test: { name: 'workers', include: [inWorkerd], isolate: false, ...bounds },
      },
    ],
  },
})

// The suites as vitest projects: `npx vitest run --project unit`. scripts/test.mjs runs them one after another.
import { defineConfig } from 'vitest/config';

const heavy = { pool: 'forks', fileParallelism: false, testTimeout: 120_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/lsp/**',
            'test/host/**',
            '**/*.atlas.test.ts',
            '**/*.kdc.test.ts',
            '**/*.knox.test.ts',
            '**/*.workbench.test.ts',
            '**/node_modules/**',
          ],
        },
      },
      // The real server process, driven by a real language client
      { test: { name: 'lsp', include: ['test/lsp/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 60_000 } },
      // A real Apache Atlas
      { test: { name: 'atlas', include: ['test/atlas/**/*.atlas.test.ts'], ...heavy } },
      // A real Kerberos KDC, on demand: it needs a native package that is not part of the product
      { test: { name: 'kdc', include: ['test/atlas/**/*.kdc.test.ts'], ...heavy } },
      // A real Apache Knox before a real Atlas, on demand: it is another 106 MiB
      { test: { name: 'knox', include: ['test/atlas/**/*.knox.test.ts'], ...heavy } },
      // A real VS Code workbench in Chromium
      { test: { name: 'workbench', include: ['test/workbench/**/*.workbench.test.ts'], ...heavy } },
    ],
  },
});

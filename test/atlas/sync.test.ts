import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { WorkspaceCatalog } from '../../server/src/atlas/workspaceCatalog';
import { sync } from '../../server/src/cli/sync';
import { syncContract } from './sync-contract';

const root = mkdtempSync(join(tmpdir(), 'flink-sync-other-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

syncContract(
  'two workspace catalogs',
  (namespace) => new WorkspaceCatalog(mkdtempSync(join(root, 'other-')), { namespace }),
);

test.each([
  [['--workspace', '.'], 'Say where to: --atlas URL or --workspace DIR.'],
  [['--workspace', '.', '--atlas', 'http://127.0.0.1:1', '--push', '--pull'], 'Say --push or --pull, not both.'],
  [['--workspace', '.', '--atlas', 'http://127.0.0.1:1', '--apply'], 'Say which side to take: --push or --pull.'],
  [['--workspace', root, '--atlas', 'http://127.0.0.1:1'], 'Nothing answers at 127.0.0.1:1.'],
])('flink-sql sync %j is refused with the reason', async (args, expected) => {
  let said = '';
  const stream = () =>
    new Writable({
      write(chunk: Buffer, _, done) {
        said += chunk.toString();
        done();
      },
    });
  expect(await sync(args, stream(), stream(), {})).toBe(1);
  expect(said.startsWith(expected)).toBe(true);
});

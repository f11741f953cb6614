// The engine's own code for metadata, for scripts: bundled on the fly, since it is TypeScript.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** The exports of server/src/atlas/index.ts. @returns {Promise<any>} */
export async function loadAtlasEngine() {
  const root = join(import.meta.dirname, '..', '..');
  const folder = join(process.env.FLINK_SQL_CACHE ?? join(root, '.cache'), 'atlas');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `engine-${process.pid}.cjs`);
  await build({
    entryPoints: [join(root, 'server', 'src', 'atlas', 'index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
  });
  try {
    return (await import(pathToFileURL(outfile).href)).default;
  } finally {
    rmSync(outfile);
  }
}

// Runs one of the measuring tools, which are TypeScript: bundles it into .cache/tools/ and starts it in this process.
//   node test/tool.mjs test/conformance/main.ts parser --flink 2.3
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import esbuild from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  console.error('usage: node test/tool.mjs FILE.ts [arguments]');
  process.exit(2);
}

/** Bundles a TypeScript file to one ES module under .cache/tools/ and gives its path. */
async function bundle(file) {
  const outfile = join(root, '.cache', 'tools', `${file.replace(/[\\/]/g, '-').replace(/\.ts$/, '')}.mjs`);
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [resolve(root, file)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
    // The knowledge is read from where it lies in the sources
    define: { 'import.meta.dirname': JSON.stringify(join(root, 'server', 'src', 'knowledge')) },
  });
  return outfile;
}

process.env.FLINK_SQL_ROOT = root;
process.argv = [process.argv[0], resolve(root, entry), ...args];
await import(pathToFileURL(await bundle(entry)).href);

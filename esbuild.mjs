// Bundles the extension (client), the language server and the command line into dist/. `--watch` rebuilds on change.
import { cpSync, readdirSync, rmSync } from 'node:fs';
import esbuild from 'esbuild';

const watch = process.argv.includes('--watch');
const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minify: !watch,
  sourcemap: watch ? 'linked' : false,
  legalComments: 'none',
  logLevel: 'warning',
  // The generated knowledge lies beside the bundle that reads it
  define: { 'import.meta.dirname': '__dirname' },
};
const bundles = [
  { entryPoints: ['client/src/extension.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
  { entryPoints: ['server/src/main.ts'], outfile: 'dist/server.js' },
  { entryPoints: ['server/src/cli.ts'], outfile: 'dist/cli.js' },
].map((bundle) => ({ ...common, ...bundle }));
const page = { ...common, platform: 'browser', format: 'iife', target: 'chrome120', define: undefined };
// The page of the lineage panel. Its layout runs in a worker, whose code is a text in the page: nothing is loaded from elsewhere
const layout = await esbuild.build({ ...page, entryPoints: ['client/webview/lineage/layout.worker.ts'], write: false });
bundles.push({
  ...page,
  entryPoints: ['client/webview/lineage/main.ts'],
  outfile: 'dist/lineage.js',
  loader: { '.css': 'text' },
  define: { LAYOUT_WORKER: JSON.stringify(layout.outputFiles[0].text) },
});

rmSync('dist', { recursive: true, force: true });
for (const file of readdirSync('server/src/knowledge')) {
  if (file.endsWith('.json')) cpSync(`server/src/knowledge/${file}`, `dist/${file}`);
}
if (watch) for (const bundle of bundles) await (await esbuild.context(bundle)).watch();
else await Promise.all(bundles.map((bundle) => esbuild.build(bundle)));

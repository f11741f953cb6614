// Builds and packages the extension: `npm run package` writes flink-sql-atlas-<version>.vsix here.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, run, runTool } from './lib/steps.mjs';

/**
 * Packages what is in dist/.
 * @param {string} [file] where the .vsix goes; its own name in this folder when absent
 * @returns {Promise<string>} its path
 */
export async function packageExtension(file) {
  const { name, version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const vsix = file ?? path.join(ROOT, `${name}-${version}.vsix`);
  // a checkout that keeps its downloads elsewhere has no folder for it yet
  mkdirSync(path.dirname(vsix), { recursive: true });
  // Everything is bundled into dist/, so there are no dependencies to pack; links of the README stay as they are, since
  // the manifest names no repository they could be resolved against
  const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  await runTool('@vscode/vsce/vsce', ['package', ...flags, '--out', vsix]);
  return vsix;
}

/**
 * Builds dist/ anew and packages it, see `packageExtension`.
 * @param {string} [file]
 */
export async function buildAndPackage(file) {
  await run(process.execPath, [path.join(ROOT, 'esbuild.mjs')]);
  return packageExtension(file);
}

if (import.meta.filename === process.argv[1]) console.log(path.relative(process.cwd(), await buildAndPackage()));

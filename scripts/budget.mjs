// What the extension may weigh, so that it stays quick to install and to start.
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { ROOT } from './lib/steps.mjs';
import { packageExtension } from './package.mjs';

const KB = 1024;
const KNOWLEDGE = ['options', 'functions', 'settings'].map((name) => path.join(ROOT, `dist/${name}.json`));

/**
 * Compares files with what they may weigh.
 * @param {string} vsix the packaged extension
 * @returns {{ lines: string[], passed: number, failed: number }} one line a file with both figures
 */
export function checkBudget(vsix) {
  const budgets = [
    { what: 'packaged extension', file: vsix, most: 2048 * KB },
    { what: 'client bundle dist/extension.js', file: path.join(ROOT, 'dist/extension.js'), most: 600 * KB },
  ];
  const sizes = [
    ...budgets.map(({ what, file, most }) => ({
      what,
      most,
      size: existsSync(file) ? statSync(file).size : Number.NaN,
    })),
    // as the packaged extension holds it
    {
      what: 'knowledge of Flink, compressed',
      most: 400 * KB,
      size: KNOWLEDGE.reduce(
        (sum, file) => sum + (existsSync(file) ? deflateRawSync(readFileSync(file)).length : Number.NaN),
        0,
      ),
    },
  ];
  const results = sizes.map(({ what, size, most }) => {
    const ok = size <= most;
    return { ok, line: `${ok ? '✓' : '✗'} ${what}: ${Math.ceil(size / KB)} KB of at most ${most / KB} KB` };
  });
  const passed = results.filter(({ ok }) => ok).length;
  return { lines: results.map(({ line }) => line), passed, failed: results.length - passed };
}

if (import.meta.filename === process.argv[1]) {
  const { lines, failed } = checkBudget(await packageExtension());
  console.log(lines.join('\n'));
  process.exitCode = failed ? 1 : 0;
}

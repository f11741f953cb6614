// Runs inside the extension host: VS Code calls `run`. Lines begin with "[test] " to be told from VS Code's own.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

const say = (line: string) => console.log(`[test] ${line}`);

/** Runs the tests below and writes their counts to the file that FLINK_SQL_TEST_REPORT names. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, reporter: Mocha.reporters.Base });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./extension.host');
  const result = { passed: 0, failed: 0, skipped: [] as string[] };
  const failed = await new Promise<number>((resolve) => {
    mocha
      .run(resolve)
      .on('pass', (test) => {
        result.passed++;
        say(`  ✓ ${test.fullTitle()}`);
      })
      .on('fail', (test, error) => {
        result.failed++;
        say(`  ✗ ${test.fullTitle()}\n${error.stack ?? error.message}`);
      })
      .on('pending', (test) => result.skipped.push(test.fullTitle()));
  });
  const report = process.env.FLINK_SQL_TEST_REPORT;
  if (report) writeFileSync(report, JSON.stringify(result));
  if (failed) throw new Error(`${failed} tests failed`);
}

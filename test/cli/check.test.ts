import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { check } from '../../server/src/cli/check';

const samples = join(import.meta.dirname, '..', '..', 'samples');
const folder = mkdtempSync(join(tmpdir(), 'flink-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
cpSync(join(samples, '.flink-atlas'), join(folder, '.flink-atlas'), { recursive: true });

let files = 0;
/** Writes a script and checks it; what was written, paths shortened, and the exit code. */
async function run(sql: string, ...args: string[]) {
  const file = join(folder, `${++files}.fql`);
  writeFileSync(file, sql);
  const written = { out: '', err: '' };
  const stream = (name: 'out' | 'err') =>
    new Writable({
      write(chunk: Buffer, _, done) {
        written[name] += chunk.toString();
        done();
      },
    });
  const code = await check([file, ...args], stream('out'), stream('err'), {});
  return { code, out: written.out.replaceAll(file, 'job.fql'), err: written.err };
}

const kafka = (topic: string) =>
  `WITH ('connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = 'k:1', 'format' = 'json')`;
const governed = `CREATE TABLE payments (payment_id STRING, card STRING) ${kafka('shop.payments.v1')};
CREATE TABLE orders (order_id BIGINT, card STRING) ${kafka('shop.orders.v2')};
INSERT INTO orders SELECT 1, card FROM payments;
`;
const catalog = ['--workspace', folder];

describe('flink-sql check', () => {
  test('tells what Flink would not take, and fails', async () => {
    const { code, out } = await run('SELECT a FROM nowhere;');
    expect(out).toBe(
      'job.fql:1:15: error Table `nowhere` is not defined here. Create it above, or select the catalog that has it with USE CATALOG. [unknown-table]\n1 file: 1 error, 0 warnings, 0 remarks.\n',
    );
    expect(code).toBe(1);
  });
  test('tells what the store does not go along with, and fails only when that is an error', async () => {
    const { code, out } = await run(governed, ...catalog);
    expect(out).toContain('job.fql:2:14: info ');
    expect(out).toContain('payments.card (PII) → orders.card');
    expect(out).toContain('[governance-classified]');
    expect(code).toBe(0);
    expect((await run(governed, ...catalog, '--governance', 'PII=error')).code).toBe(1);
    const quiet = await run(governed, ...catalog, '--governance', 'PII=off', '--rule', 'schema-drift=off');
    expect(quiet.out).toBe('1 file: 0 errors, 0 warnings, 0 remarks.\n');
  });
  test('says nothing of a store that it was not given', async () => {
    expect((await run(governed)).out).toBe('1 file: 0 errors, 0 warnings, 0 remarks.\n');
  });
  test('binds what only the store knows', async () => {
    const sql = "CREATE CATALOG w WITH ('type' = 'generic_in_memory');\nCREATE CATALOG h WITH ('type' = 'hive');\n";
    const { out } = await run(`${sql}SELECT ABS(currency) FROM h.sales.daily_revenue;`, ...catalog);
    expect(out).toContain('[argument-types]');
  });
  test('gives JSON with hints and places', async () => {
    const { out } = await run(governed, ...catalog, '--json');
    const [{ findings }] = (JSON.parse(out) as { files: [{ findings: { code: string; start: number[] }[] }] }).files;
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'governance-classified', start: [3, 30], end: [3, 34] }),
    );
  });
  test('says what is wrong with a file, the arguments and the store', async () => {
    const sink = new Writable({ write: (_, __, done) => done() });
    expect(await check([join(folder, 'no-such.fql')], sink, sink, {})).toBe(1);
    expect(await check([], sink, sink, {})).toBe(1);
    expect((await run('SELECT 1;', '--rule', 'nonsense')).err).toMatch(/^“nonsense” is not NAME=SEVERITY/);
    const away = await run(governed, '--atlas', 'http://127.0.0.1:1');
    expect(away.code).toBe(2);
    expect(away.out).toContain('Nothing answers at 127.0.0.1:1.');
  });
});

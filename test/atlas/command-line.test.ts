import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { jobs } from '../../server/src/cli/jobs';
import { publish } from '../../server/src/cli/publish';

const samples = join(import.meta.dirname, '..', '..', 'samples');
const root = mkdtempSync(join(tmpdir(), 'flink-cli-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
let folder: string;
beforeEach(() => {
  folder = join(root, String(++folders));
  mkdirSync(folder);
});

/** Runs a subcommand; what it wrote and its exit code. */
async function run(command: typeof publish, args: string[], env: NodeJS.ProcessEnv = {}) {
  const written = { out: '', err: '' };
  const stream = (name: 'out' | 'err') =>
    new Writable({
      write(chunk: Buffer, _, done) {
        written[name] += chunk.toString();
        done();
      },
    });
  const code = await command(args, stream('out'), stream('err'), { FLINK_SQL_OUTBOX: join(folder, 'outbox'), ...env });
  return { code, ...written };
}

const enrich = join(samples, 'enrich-orders.flink.sql');

describe('flink-sql publish', () => {
  test('shows what would change and changes nothing', async () => {
    const { code, out } = await run(publish, [enrich, '--workspace', folder]);
    expect(code).toBe(0);
    expect(out).toMatch(/^enrich-orders \(.*enrich-orders\.flink\.sql\) → /);
    expect(out).toContain('  + job enrich-orders\n');
    expect(out).toContain('  + edge customers → enriched_orders\n');
    expect(out).toContain('Nothing is published yet; --apply does it.');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('publishes with --apply, once, and jobs lists it', async () => {
    const args = [enrich, '--workspace', folder, '--namespace', 'prod', '--json', '--apply'];
    const first = await run(publish, args);
    expect(first.code).toBe(0);
    const pushed = (JSON.parse(first.out) as { jobs: { result: { pushed: number } }[] }).jobs[0]?.result.pushed;
    expect(pushed).toBeGreaterThan(20);
    const second = JSON.parse((await run(publish, args)).out) as {
      jobs: { plan: { summary: string }; result: { pushed: number } }[];
    };
    expect(second.jobs).toMatchObject([{ plan: { summary: '' }, result: { pushed: 0 } }]);

    const listed = JSON.parse((await run(jobs, ['--workspace', folder, '--json'])).out) as { jobs: unknown[] };
    expect(listed.jobs).toMatchObject([
      {
        name: 'enrich-orders',
        qualifiedName: 'enrich-orders@prod',
        owner: 'orders-team',
        processes: [
          {
            name: 'enriched_orders',
            inputs: [
              { type: 'rdbms_table', qualifiedName: 'crm-db.shop.example:5432/crm.public.customers@prod' },
              { type: 'kafka_topic', qualifiedName: 'shop.orders.v2@prod' },
            ],
            outputs: [{ type: 'kafka_topic', qualifiedName: 'shop.enriched-orders.v1@prod' }],
          },
        ],
      },
    ]);
  });

  test('keeps what cannot be delivered, without the password', async () => {
    const kept = await run(publish, [enrich, '--atlas', 'http://127.0.0.1:1', '--apply'], {
      FLINK_SQL_ATLAS_USER: 'ana',
      FLINK_SQL_ATLAS_PASSWORD: 'planted-secret',
    });
    expect(kept.code).toBe(2);
    expect(kept.out).toContain('Nothing answers at 127.0.0.1:1. What you published is saved and will be sent later.');
    const [file] = readdirSync(join(folder, 'outbox'));
    const text = readFileSync(join(folder, 'outbox', file ?? ''), 'utf8');
    expect(text).toContain('enrich-orders');
    expect(text).not.toContain('planted-secret');
  });

  test('does not keep a preview', async () => {
    const { code, out } = await run(publish, [enrich, '--atlas', 'http://127.0.0.1:1']);
    expect(code).toBe(1);
    expect(out).toContain('Nothing answers at 127.0.0.1:1.');
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    [[enrich], 'Say where to: --atlas URL or --workspace DIR.'],
    [['--workspace', '.'], 'Say which files to publish.'],
    [[enrich, '--atlas', 'nowhere'], '“nowhere” is not a web address.'],
    [[enrich, '--wokspace', '.'], "Unknown option '--wokspace'"],
  ])('%j is refused with the reason', async (args, reason) => {
    const { code, err } = await run(publish, args);
    expect(code).toBe(1);
    expect(err).toContain(reason);
    expect(err).toContain('Usage:');
  });

  describe('a table that the job does not define', () => {
    const topic = (name: string) =>
      `CREATE TABLE orders (id BIGINT) WITH ('connector' = 'kafka', 'topic' = '${name}', 'properties.bootstrap.servers' = 'k:9092', 'format' = 'json');`;
    const show = async (...args: string[]) => {
      mkdirSync(join(folder, 'jobs'), { recursive: true });
      const job = join(folder, 'jobs/job.fql');
      writeFileSync(
        job,
        `CREATE TABLE sink (id BIGINT) WITH ('connector' = 'print'); INSERT INTO sink SELECT id FROM orders;`,
      );
      return (await run(publish, [job, '--workspace', folder, ...args])).out;
    };
    test('is found in the repository around it', async () => {
      mkdirSync(join(folder, '.git'));
      mkdirSync(join(folder, 'ddl'));
      writeFileSync(join(folder, 'ddl/orders.flink.sql'), topic('shop.orders'));
      expect(await show()).toContain('+ dataset shop.orders');
    });
    test('is found where --ddl says, and only there', async () => {
      mkdirSync(join(folder, 'ddl'));
      writeFileSync(join(folder, 'ddl/orders.sql'), topic('here'));
      writeFileSync(join(folder, 'orders.fql'), topic('there'));
      expect(await show('--ddl', join(folder, 'ddl/orders.sql'))).toContain('+ dataset here');
      expect(await show('--ddl', join(folder, 'd*/**/*.sql'))).toContain('+ dataset here');
      expect(await show('--ddl', folder)).toContain('+ dataset there');
      const both = ['--ddl', join(folder, 'orders.fql'), '--ddl', join(folder, 'ddl/*.sql')];
      expect(await show(...both)).toContain('! orders is taken from orders.fql; orders.sql defines it differently.');
    });
    test('is unknown otherwise', async () => {
      writeFileSync(join(folder, 'orders.fql'), topic('there'));
      expect(await show('--no-ddl')).toContain('There is nothing to publish');
    });
  });

  test('a file that is not there, and one that writes nothing, are refused with the reason', async () => {
    const missing = await run(publish, [join(folder, 'no.sql'), '--workspace', folder, '--apply']);
    expect([missing.code, missing.out]).toEqual([1, expect.stringContaining('cannot be read: it does not exist.')]);
    cpSync(join(samples, '..', 'package.json'), join(folder, 'not.sql'));
    const nothing = await run(publish, [join(folder, 'not.sql'), '--workspace', folder, '--apply']);
    expect([nothing.code, nothing.out]).toEqual([1, expect.stringContaining('There is nothing to publish')]);
    expect(readdirSync(folder)).toEqual(['not.sql']);
  });
});

describe('flink-sql jobs', () => {
  test('says when there are none', async () => {
    expect(await run(jobs, ['--workspace', folder])).toMatchObject({
      code: 0,
      out: 'No Flink jobs are registered yet.\n',
    });
  });

  test('says why it cannot', async () => {
    const { code, err } = await run(jobs, ['--atlas', 'http://127.0.0.1:1', '--json']);
    expect([code, err]).toEqual([1, 'Nothing answers at 127.0.0.1:1. Check the port, and whether Atlas is running.\n']);
  });
});

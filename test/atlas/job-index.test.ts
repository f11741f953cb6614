// How many questions the tree asks: one search for a page of jobs, a thousand jobs in each where all must be known.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { groupJobs, jobsOfGroup } from '../../server/src/atlas/groupJobs';
import { JobIndex } from '../../server/src/atlas/jobIndex';
import type { MetadataStore, SearchRequest } from '../../server/src/atlas/store';
import { listJobs } from '../../server/src/atlas/tree';
import { WorkspaceCatalog } from '../../server/src/atlas/workspaceCatalog';

const JOBS = 2500;
const root = mkdtempSync(join(tmpdir(), 'flink-index-'));
let store: MetadataStore;
let asked: string[] = [];

beforeAll(() => {
  const folder = join(root, '.flink-atlas', 'flink_application');
  mkdirSync(folder, { recursive: true });
  for (let index = 0; index < JOBS; index++) {
    const name = `job-${String(index).padStart(5, '0')}`;
    const attributes = {
      name,
      qualifiedName: `${name}@x`,
      owner: `team-${index % 20}`,
      conf: { file: `a/${index % 3}/x.sql` },
    };
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ typeName: 'flink_application', attributes }));
  }
  store = new Proxy(new WorkspaceCatalog(root), {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (name === 'search')
          asked.push(`search ${(args[0] as SearchRequest).typeName} ${(args[0] as SearchRequest).offset}`);
        else if (/^find/.test(String(name))) asked.push(String(name));
        return value.apply(target, args) as unknown;
      };
    },
  });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  asked = [];
});

const page = { offset: 0, limit: 100 };

it('asks one question for a page, whatever the number of jobs, and none for each job', async () => {
  const first = await listJobs(store, page);
  expect(first).toHaveLength(101);
  expect(first.at(-1)).toMatchObject({ id: '100', count: JOBS, description: '2400 more' });
  expect(asked).toEqual(['search flink_application 0']);
  await listJobs(store, { offset: 2400, limit: 100 });
  expect(asked).toHaveLength(2);
});

it('reads a thousand jobs in a question where all must be known, and only once', async () => {
  const index = new JobIndex();
  const [found] = await groupJobs(store, index, { filter: '0243 TEAM-1' }, page);
  expect(found?.label).toBe('job-02430');
  const thousands = ['search flink_application 0', 'search flink_application 1000', 'search flink_application 2000'];
  expect(asked).toEqual(thousands);
  const owners = await groupJobs(store, index, { group: 'owner' }, page);
  expect(owners.map(({ label, count }) => `${label} ${count}`)).toContain('team-3 125');
  await groupJobs(store, index, { group: 'folder', filter: 'a/1' }, page);
  const inGroup = await jobsOfGroup(store, index, 'group:owner:team-3', '', page);
  expect(inGroup).toHaveLength(101);
  expect(asked).toEqual(thousands);
  // Those who ask at the same time share the answer
  const fresh = new JobIndex();
  await Promise.all([fresh.jobs(store), fresh.jobs(store)]);
  expect(asked).toEqual([...thousands, ...thousands]);
});

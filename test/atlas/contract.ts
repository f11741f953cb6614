// What every metadata store must do, whether it is a server or a folder. Each test has a namespace of its own.
import { beforeEach, describe, expect, test } from 'vitest';
import { describeTables } from '../../server/src/atlas/describeTables';
import { type Entity, qualifiedNameOf } from '../../server/src/atlas/entity';
import { groupJobs, groupOf, jobsOfGroup } from '../../server/src/atlas/groupJobs';
import type { Job, JobProcess } from '../../server/src/atlas/job';
import { JobIndex } from '../../server/src/atlas/jobIndex';
import { applyPublish, planPublish } from '../../server/src/atlas/publish';
import { readDataset } from '../../server/src/atlas/readDataset';
import { readJob } from '../../server/src/atlas/readJob';
import { planRetire, renameJob, retire } from '../../server/src/atlas/retire';
import { searchAtlas } from '../../server/src/atlas/searchAtlas';
import type { MetadataStore } from '../../server/src/atlas/store';
import { children, findJob, listJobs } from '../../server/src/atlas/tree';
import { datasetDdl, datasetName } from '../../server/src/features/dataset-ddl';
import type { TreeGrouping, TreeItem } from '../../server/src/protocol';
import { archive, customers, enriched, enrichOrders, enrichOrdersLess, orders, segmentStatistics } from './jobs';

/** The store, with what it is asked to change recorded. */
function watched(store: MetadataStore) {
  const written: string[] = [];
  const record = (name: 'write' | 'remove' | 'createTypes') =>
    ((...args: unknown[]) => {
      written.push(`${name} ${JSON.stringify(args[0])}`);
      return (store[name] as (...all: unknown[]) => unknown)(...args);
    }) as never;
  const watching: MetadataStore = new Proxy(store, {
    get(target, name) {
      if (name === 'write' || name === 'remove' || name === 'createTypes') return record(name);
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { store: watching, written };
}

async function publish(store: MetadataStore, job: Job) {
  const plan = await planPublish(store, job);
  return { plan: plan.preview, result: await applyPublish(store, plan, { types: 'create' }) };
}

async function named(store: MetadataStore, typeName: string, qualifiedName: string): Promise<Entity | undefined> {
  return (await store.findByName(typeName, [qualifiedName]))[0]?.entity;
}

/** Everything of the job, with when it was last changed: type, qualifiedName → update time and version. */
async function state(store: MetadataStore, ns: string): Promise<Record<string, unknown>> {
  const found = [
    ...(await store.findByName('flink_application', [`enrich-orders@${ns}`])),
    ...(await store.findByName('kafka_topic', [`shop.orders@${ns}`, `shop.enriched@${ns}`])),
    ...(await store.findByName('flink_table', [`kafka_topic:shop.orders@${ns}`, `kafka_topic:shop.enriched@${ns}`])),
  ];
  const all = found.flatMap(({ entity, owned }) => [entity, ...Object.values(owned)]);
  return Object.fromEntries(
    all.map((entity) => [`${entity.typeName} ${qualifiedNameOf(entity)}`, [entity.updateTime, entity.version]]),
  );
}

const labels = (items: TreeItem[]) => items.map((item) => `${item.kind} ${item.label}`);

/** `make` gives a store whose datasets are in a namespace. */
export function metadataStoreContract(title: string, make: (namespace: string) => MetadataStore) {
  describe(title, () => {
    let ns: string;
    let store: MetadataStore;
    let count = 0;
    beforeEach(() => {
      store = make(`ns${++count}`);
      ns = store.namespace;
    });

    test('a publish is announced, then found by name: job, processes, column lineage', async () => {
      const { plan, result } = await publish(store, enrichOrders());
      expect(plan.summary).toMatch(/^\+ 1 job {2}\+ 2 processes/);
      expect(plan.changes.filter((change) => change.kind !== 'new')).toEqual([]);
      expect(result.pushed).toBe(plan.changes.filter((change) => change.what !== 'edge').length);

      const application = await named(store, 'flink_application', `enrich-orders@${ns}`);
      expect(application?.attributes).toMatchObject({
        name: 'enrich-orders',
        owner: 'orders-team',
        id: `enrich-orders@${ns}`,
      });
      const process = await named(store, 'flink_process', `enrich-orders/enriched_orders@${ns}`);
      expect(process?.attributes.id).toBe(`enrich-orders/enriched_orders@${ns}`);
      const lineage = await named(store, 'flink_column_lineage', `enrich-orders/enriched_orders@${ns}:total`);
      expect(lineage?.attributes).toMatchObject({ name: 'total', dependencyType: 'EXPRESSION' });
      const table = await named(store, 'rdbms_table', `crm-db.shop.example:5432/crm.public.customers@${ns}`);
      expect(table?.attributes.name).toBe('customers');
    });

    test('names of datasets of any type are asked for in one go, and come with their columns', async () => {
      await publish(store, enrichOrders());
      const names = [
        `shop.orders@${ns}`,
        `kafka_topic:shop.orders@${ns}`,
        `crm-db.shop.example:5432/crm.public.customers@${ns}`,
        `nowhere@${ns}`,
      ];
      const found = await store.findByName('DataSet', names);
      expect(found.map(({ entity }) => entity.typeName).sort()).toEqual(['flink_table', 'kafka_topic', 'rdbms_table']);
      const table = found.find(({ entity }) => entity.typeName === 'rdbms_table');
      expect(Object.values(table?.owned ?? {}).map(({ typeName }) => typeName)).toContain('rdbms_column');
      expect(await store.findByName('Process', names)).toEqual([]);
    });

    test('lineage leads from the Kafka topic to the sinks, and from column to column', async () => {
      await publish(store, enrichOrders());
      const topic = await named(store, 'kafka_topic', `shop.orders@${ns}`);
      const graph = await store.lineage(topic?.guid ?? '', 'OUTPUT', 3);
      const reached = Object.values(graph.guidEntityMap).map(qualifiedNameOf);
      expect(reached).toContain(`shop.enriched@${ns}`);
      expect(reached).toContain(`hdfs://nn.shop.example:8020/archive/orders@${ns}`);
      expect(reached).not.toContain(`crm-db.shop.example:5432/crm.public.customers@${ns}`);

      const column = await named(store, 'flink_column', `kafka_topic:shop.orders.amount@${ns}`);
      const columns = await store.lineage(column?.guid ?? '', 'OUTPUT', 3);
      expect(Object.values(columns.guidEntityMap).map(qualifiedNameOf)).toContain(
        `kafka_topic:shop.enriched.total@${ns}`,
      );
      expect(Object.values(columns.guidEntityMap).map(qualifiedNameOf)).not.toContain(
        `kafka_topic:shop.enriched.segment@${ns}`,
      );
    });

    test('publishing again says that nothing changes, and changes nothing', async () => {
      await publish(store, enrichOrders());
      const before = await state(store, ns);
      const watching = watched(store);
      const { plan, result } = await publish(watching.store, enrichOrders());
      expect(plan.summary).toBe('');
      expect(result.pushed).toBe(0);
      expect(watching.written).toEqual([]);
      expect(await state(store, ns)).toEqual(before);
      expect(Object.keys(before).length).toBeGreaterThan(10);
    });

    test('what others say of a dataset stays as it is', async () => {
      await store.createTypes({ classificationDefs: [{ name: 'PII', superTypes: [], attributeDefs: [] }] });
      await store.write([
        {
          guid: '-1',
          typeName: 'kafka_topic',
          attributes: {
            qualifiedName: `shop.orders@${ns}`,
            name: 'Shop.Orders',
            topic: 'Shop.Orders',
            uri: 'elsewhere:9092',
            description: 'The truth about orders',
            owner: 'governance',
          },
          classifications: [{ typeName: 'PII' }],
        },
      ]);
      const before = await named(store, 'kafka_topic', `shop.orders@${ns}`);
      await publish(store, enrichOrders());
      const after = await named(store, 'kafka_topic', `shop.orders@${ns}`);
      expect(after?.guid).toBe(before?.guid);
      expect(after?.attributes).toMatchObject({
        description: 'The truth about orders',
        owner: 'governance',
        uri: 'elsewhere:9092',
      });
      expect(after?.classifications?.map((each) => each.typeName)).toEqual(['PII']);
    });

    test('what the job no longer does is removed, and shown before', async () => {
      await publish(store, enrichOrders());
      const { plan } = await publish(store, enrichOrdersLess());
      const removed = plan.changes
        .filter((change) => change.kind === 'removed')
        .map((change) => `${change.what} ${change.label}`);
      expect(removed).toEqual([
        'edge customers → enriched_orders',
        'column lineage enriched_orders.segment',
        'process archive',
      ]);
      expect(plan.summary).toBe('~ 1 process  − 1 process  − 1 edge  − 1 column lineage');
      expect(await named(store, 'flink_process', `enrich-orders/archive@${ns}`)).toBeUndefined();
      expect(await named(store, 'flink_column_lineage', `enrich-orders/archive@${ns}:amount`)).toBeUndefined();
      expect(await named(store, 'flink_column_lineage', `enrich-orders/enriched_orders@${ns}:segment`)).toBeUndefined();
      const table = await named(store, 'rdbms_table', `crm-db.shop.example:5432/crm.public.customers@${ns}`);
      const graph = await store.lineage(table?.guid ?? '', 'OUTPUT', 3);
      expect(Object.values(graph.guidEntityMap).map(qualifiedNameOf)).not.toContain(`shop.enriched@${ns}`);
      expect((await planPublish(store, enrichOrdersLess())).preview.summary).toBe('');
      // and it can come back
      await publish(store, enrichOrders());
      expect(await named(store, 'flink_process', `enrich-orders/archive@${ns}`)).toBeDefined();
      expect((await planPublish(store, enrichOrders())).preview.summary).toBe('');
    });

    test('two jobs that share a table do not undo each other', async () => {
      await publish(store, segmentStatistics());
      await publish(store, enrichOrders());
      // the job that writes the table has taken it over from the one that reads it
      const shared = await named(store, 'flink_table', `kafka_topic:shop.enriched@${ns}`);
      expect(shared?.attributes).toMatchObject({ publishedBy: `enrich-orders@${ns}`, publishedAs: 'sink' });
      expect((await planPublish(store, segmentStatistics())).preview.summary).toBe('');
      expect((await planPublish(store, enrichOrders())).preview.summary).toBe('');

      const topic = await named(store, 'kafka_topic', `shop.orders@${ns}`);
      const graph = await store.lineage(topic?.guid ?? '', 'OUTPUT', 0);
      expect(Object.values(graph.guidEntityMap).map(qualifiedNameOf)).toContain(
        `elasticsearch://search.shop.example:9200/segments@${ns}`,
      );
    });

    test('a plan that is out of date is not carried out', async () => {
      const plan = await planPublish(store, enrichOrders());
      await publish(store, enrichOrdersLess());
      await expect(applyPublish(store, plan, { types: 'create' })).rejects.toMatchObject({ code: 'conflict' });
      expect(await named(store, 'flink_process', `enrich-orders/archive@${ns}`)).toBeUndefined();
    });

    test('the tree leads from the job to its columns', async () => {
      const { result } = await publish(store, enrichOrders());
      const jobs = await listJobs(store, { offset: 0, limit: 1000 });
      // as who publishes to another namespace of the same store sees it
      const elsewhere = new Proxy(store, {
        get: (from, name) => (name === 'namespace' ? 'other' : (Reflect.get(from, name, from) as unknown)),
      });
      const [theirs] = (await listJobs(elsewhere, { offset: 0, limit: 1000 })).filter(({ qualifiedName }) =>
        qualifiedName?.endsWith(`@${ns}`),
      );
      expect(theirs?.description).toBe(`@${ns} · published just now · orders-team`);
      const item = jobs.find((each) => each.qualifiedName === `enrich-orders@${ns}`);
      expect(item).toMatchObject({
        kind: 'job',
        label: 'enrich-orders',
        description: 'published just now · orders-team',
        hasChildren: true,
      });
      expect(item?.id).toBe(result.treeItem);

      const processes = await children(store, item?.id ?? '');
      expect(labels(processes)).toEqual(['process archive', 'process enriched_orders']);
      const parts = await children(store, processes[1]?.id ?? '');
      expect(labels(parts)).toEqual([
        'input customers',
        'input Shop.Orders',
        'output shop.enriched',
        'columns 3 columns',
      ]);
      expect(parts[0]).toMatchObject({ description: 'Database table', hasChildren: true });
      expect(parts[1]).toMatchObject({ qualifiedName: `shop.orders@${ns}`, description: 'kafka', hasChildren: true });
      expect(processes[1]).toMatchObject({ description: 'INSERT, 2 sources' });
      const fields = await children(store, parts[1]?.id ?? '');
      expect(fields.map((each) => `${each.label} ${each.description}`)).toEqual([
        'order_id BIGINT NOT NULL',
        'customer_id BIGINT',
        'amount DECIMAL(10, 2)',
      ]);
      expect(labels(await children(store, parts[0]?.id ?? ''))).toEqual(['field customer_id', 'field segment']);
      const firstField = await children(store, parts[1]?.id ?? '', {}, undefined, { offset: 0, limit: 1 });
      expect(labels(firstField)).toEqual(['field order_id', 'more Show more columns']);
      expect(firstField[1]).toMatchObject({ id: '1', count: 3, description: '2 more' });
      const columns = await children(store, parts[3]?.id ?? '');
      expect(labels(columns)).toEqual(['column order_id', 'column segment', 'column total']);
      const sources = await children(store, columns[2]?.id ?? '');
      expect(labels(sources)).toEqual(['column-source amount']);
    });

    test('the list of jobs comes in pages', async () => {
      await publish(store, enrichOrders());
      await publish(store, segmentStatistics());
      const first = await listJobs(store, { offset: 0, limit: 1 });
      expect(labels(first)).toEqual([expect.stringMatching(/^job /), 'more Show more jobs']);
      const second = await listJobs(store, { offset: Number(first[1]?.id), limit: 1000 });
      expect(second[0]?.id).not.toBe(first[0]?.id);
    });

    test('jobs are grouped and filtered, with counts', async () => {
      const mine = `grouping-${ns}`;
      const named = (made: Job, name: string, rest: Partial<Job>): Job => ({
        ...made,
        name: `${mine}-${name}`,
        ...rest,
      });
      const file = (path: string) => ({ source: { file: `${mine}/${path}` } });
      await publish(store, named(enrichOrders(), 'Enrich', { owner: `${mine}-a`, ...file('shop/enrich.sql') }));
      await publish(store, named(enrichOrdersLess(), 'less', { owner: `${mine}-b`, ...file('shop/less.sql') }));
      await publish(store, named(segmentStatistics(), 'statistics', { owner: `${mine}-b`, ...file('x.sql') }));
      const index = new JobIndex();
      const all = { offset: 0, limit: 1000 };
      const top = async (group: TreeGrouping, filter = mine) =>
        (await groupJobs(store, index, { group, filter }, all)).map((each) => `${each.label}: ${each.description}`);

      expect((await top('application')).map((each) => each.replace(/:.*/, ''))).toEqual([
        `${mine}-Enrich`,
        `${mine}-less`,
        `${mine}-statistics`,
      ]);
      expect(await top('owner')).toEqual([`${mine}-a: 1 job`, `${mine}-b: 2 jobs`]);
      expect(await top('folder')).toEqual([`${mine}: 1 job`, `${mine}/shop: 2 jobs`]);
      expect(await top('sink')).toEqual([
        'elasticsearch://search.shop.example:9200/segments: Flink table · 1 job',
        'hdfs://nn.shop.example:8020/archive/orders: Path · 1 job',
        'shop.enriched: Kafka topic · 2 jobs',
      ]);
      // Words in any order and case, in the middle of names and in the script's path
      expect(await top('owner', `${mine.toUpperCase()} NRICH`)).toEqual([`${mine}-a: 1 job`]);
      expect(await top('owner', `.sql ${mine}/shop`)).toEqual([`${mine}-a: 1 job`, `${mine}-b: 1 job`]);
      expect(await top('application', `${mine} nothing-has-this`)).toEqual([]);

      const [, second] = await groupJobs(store, index, { group: 'owner', filter: mine }, all);
      const inGroup = await jobsOfGroup(store, index, second?.id ?? '', mine, { offset: 0, limit: 1 });
      expect(inGroup.map((each) => each.label)).toEqual([`${mine}-less`, 'Show more jobs']);
      const rest = await jobsOfGroup(store, index, second?.id ?? '', mine, {
        offset: Number(inGroup[1]?.id),
        limit: 9,
      });
      expect(rest.map((each) => each.label)).toEqual([`${mine}-statistics`]);
      const job = await findJob(store, `${mine}-statistics@${ns}`);
      expect(job && (await groupOf(store, index, job, 'owner'))).toBe(second?.id);

      // What is published later is seen after the next refresh
      await publish(store, named(segmentStatistics(), 'later', { owner: `${mine}-c`, ...file('x.sql') }));
      index.forget();
      expect(await top('owner')).toContain(`${mine}-c: 1 job`);
    });

    test('a dataset is read with what jobs declare of it, also from one of its columns', async () => {
      await publish(store, enrichOrders());
      const topic = await named(store, 'kafka_topic', `shop.orders@${ns}`);
      const dataset = await readDataset(store, topic?.guid ?? '');
      expect(dataset.card).toMatchObject({ typeName: 'kafka_topic', qualifiedName: `shop.orders@${ns}` });
      expect(dataset.card.columns.map((column) => column.name)).toEqual(['order_id', 'customer_id', 'amount']);
      expect(dataset.declared).toMatchObject({ options: { connector: 'kafka', topic: 'Shop.Orders' } });
      expect(datasetName(dataset)).toBe('`Shop.Orders`');
      expect(datasetDdl(dataset)).toContain("'topic' = 'Shop.Orders'");

      const column = await named(store, 'flink_column', `kafka_topic:shop.orders.amount@${ns}`);
      const fromColumn = await readDataset(store, column?.guid ?? '');
      expect(fromColumn).toEqual({ ...dataset, column: 'amount' });
      const table = await named(store, 'rdbms_table', `crm-db.shop.example:5432/crm.public.customers@${ns}`);
      expect(datasetDdl(await readDataset(store, table?.guid ?? ''))).toContain(
        "'url' = 'jdbc:postgresql://crm-db.shop.example:5432/crm'",
      );
      await expect(readDataset(store, '00000000-0000-0000-0000-000000000000')).rejects.toMatchObject({
        code: 'conflict',
      });
    });

    test('search finds datasets, columns, jobs and terms by parts of words, the best first', async () => {
      // The index of a server takes its time; words that only this test uses keep others' things out
      const word = `quux${ns.replace(/\W/g, '')}`;
      await store.createTypes({ classificationDefs: [{ name: 'PII', superTypes: [], attributeDefs: [] }] });
      const source = {
        ...orders,
        options: { ...orders.options, topic: `Shop.${word}-orders.v2` },
        comment: 'What was bought',
      };
      const sink = { ...enriched, options: { ...enriched.options, topic: `${word}` } };
      const process = {
        ...(enrichOrdersLess().processes[0] as JobProcess),
        columns: [],
      };
      const tables = new Map([source, sink].map((table) => [table.name, table]));
      await publish(store, {
        ...enrichOrdersLess(),
        name: `${word}_job`,
        description: `About ${word}`,
        processes: [process],
        tables,
      });
      const topic = await named(store, 'kafka_topic', `${word}@${ns}`);
      await store.assignTerms(new Map([[`${word} term`, [topic?.guid ?? '']]]));
      await store.write([
        {
          guid: '-1',
          typeName: 'kafka_topic',
          attributes: {
            qualifiedName: `${word}-people@${ns}`,
            name: `${word}-people`,
            topic: `${word}-people`,
            uri: 'k:9092',
          },
          classifications: [{ typeName: 'PII' }],
        },
      ]);
      store.refresh();
      const search = async (text: string) =>
        (await searchAtlas(store, text, 50)).map(({ kind, name, typeName }) => `${kind} ${name} (${typeName})`);
      await expect.poll(() => search(`${word}-people`), { timeout: 15_000, interval: 250 }).toHaveLength(1);

      const all = await search(word);
      expect(all[0]).toBe(`dataset ${word} (kafka_topic)`);
      expect(all).toContain(`job ${word}_job (flink_application)`);
      expect(all).toContain(`dataset Shop.${word}-orders.v2 (kafka_topic)`);
      expect(all).toContain(`term ${word} term (AtlasGlossaryTerm)`);
      // Each dataset once, though what jobs declare of it is found as well
      expect(all.filter((each) => each.includes(`Shop.${word}`))).toHaveLength(1);

      // In any case and order, in the middle of a name and in a description
      expect(await search(`ORDERS ${word.slice(1).toUpperCase()}`)).toContain(
        `dataset Shop.${word}-orders.v2 (kafka_topic)`,
      );
      expect(await search(`${word} bought`)).toEqual([`dataset Shop.${word}-orders.v2 (kafka_topic)`]);
      expect(await search(`type:job ${word}`)).toEqual([`job ${word}_job (flink_application)`]);
      expect(await search(`type:term ${word}`)).toEqual([`term ${word} term (AtlasGlossaryTerm)`]);
      expect(await search(`type:column ${word} amount`)).toEqual([`column amount (flink_column)`]);
      expect(await search(`type:hive ${word}`)).toEqual([]);
      expect(await search(`tag:pii ${word}`)).toEqual([`dataset ${word}-people (kafka_topic)`]);
      expect(await search(`tag:nothing ${word}`)).toEqual([]);
      expect(await search(`${word} nothing-has-this`)).toEqual([]);
      expect(await search('')).toEqual([]);
      expect(await store.classifications()).toContain('PII');

      const [term] = await searchAtlas(store, `type:term ${word}`, 50);
      const details = await store.term(term?.guid ?? '');
      expect(details?.assigned.map((each) => each.displayText)).toEqual([word]);
      const [job] = await searchAtlas(store, `type:job ${word}`, 50);
      expect(await readJob(store, job?.guid ?? '')).toMatchObject({
        name: `${word}_job`,
        description: `About ${word}`,
        file: 'jobs/enrich-orders.sql',
        processes: [{ name: 'enriched_orders', inputs: [`Shop.${word}-orders.v2`], outputs: [word] }],
      });
    });

    test('what a search language reads otherwise is only words', async () => {
      await publish(store, enrichOrders());
      for (const text of [
        'a"b',
        'a AND',
        'OR',
        '*',
        '?',
        'a:b',
        '(',
        '[x TO y]',
        '\\',
        '~1',
        '^2',
        '&& ||',
        'ö日本',
        '-x',
        '!x',
        '{}',
        '/',
      ]) {
        await expect(searchAtlas(store, text, 5), text).resolves.toBeInstanceOf(Array);
      }
    });

    test('hovers learn description, owner, columns and neighbours of tables in few requests', async () => {
      await publish(store, enrichOrders());
      await publish(store, segmentStatistics());
      const nowhere = { ...orders, name: 'a.b.nowhere', options: { ...orders.options, topic: 'nowhere' } };
      const printed = { ...orders, name: 'a.b.printed', options: { connector: 'print' } };
      const answers = await describeTables(store, [enriched, customers, archive, nowhere, printed], new Map());
      expect(answers[0]).toMatchObject({
        found: true,
        card: {
          typeLabel: 'Kafka topic',
          qualifiedName: `shop.enriched@${ns}`,
          upstream: ['enrich-orders'],
          downstream: ['segment-statistics'],
          status: 'active',
          columns: [
            { name: 'order_id', type: 'BIGINT NOT NULL' },
            { name: 'segment', type: 'STRING' },
            { name: 'total', type: 'DECIMAL(38, 2)' },
          ],
        },
      });
      expect(answers[1]).toMatchObject({
        found: true,
        card: { columns: [{ name: 'customer_id' }, { name: 'segment' }] },
      });
      expect(answers[2]).toMatchObject({ found: true, card: { upstream: ['enrich-orders'], downstream: [] } });
      expect(answers[3]).toEqual({
        table: 'a.b.nowhere',
        found: false,
        expected: { typeLabel: 'Kafka topic', typeName: 'kafka_topic', qualifiedName: `nowhere@${ns}` },
      });
      expect(answers[4]).toEqual({ table: 'a.b.printed', found: false });
    });

    test('labels of the script come and go, and those of stewards stay', async () => {
      const labelled = (labels: string[], job = enrichOrders()): Job => ({ ...job, labels });
      await publish(store, labelled(['nightly', 'not a label']));
      const application = () => named(store, 'flink_application', `enrich-orders@${ns}`);
      const labels = async () => [...((await application())?.labels ?? [])].sort();
      expect(await labels()).toEqual(['nightly']);
      await store.tag((await application())?.guid ?? '', { labels: ['nightly', 'reviewed'] });
      expect((await publish(store, labelled(['nightly', 'not a label']))).result.pushed).toBe(0);
      await publish(store, labelled(['hourly']));
      expect(await labels()).toEqual(['hourly', 'reviewed']);
      // a process that is made anew, because an edge is gone, keeps them too
      const process = () => named(store, 'flink_process', `enrich-orders/enriched_orders@${ns}`);
      await store.tag((await process())?.guid ?? '', { labels: ['critical'] });
      await publish(store, labelled(['hourly'], enrichOrdersLess()));
      expect((await process())?.labels).toEqual(['critical']);
      await publish(store, labelled([], enrichOrdersLess()));
      expect(await labels()).toEqual(['reviewed']);
      expect((await publish(store, labelled([], enrichOrdersLess()))).result.pushed).toBe(0);
    });

    test('business metadata is filled in where the store has it', async () => {
      await store.createTypes({
        enumDefs: [],
        structDefs: [],
        classificationDefs: [],
        entityDefs: [],
        relationshipDefs: [],
        businessMetadataDefs: [
          {
            name: 'Streaming',
            typeVersion: '1.1',
            attributeDefs: ['team', 'sla'].map((name) => ({
              name,
              typeName: 'string',
              isOptional: true,
              cardinality: 'SINGLE',
              options: { applicableEntityTypes: '["Process"]', maxStrLength: '200' },
            })),
          },
        ],
      });
      store.refresh();
      const job = (sla: string): Job => ({
        ...enrichOrders(),
        annotations: { sla },
        businessTemplates: {
          'Streaming.team': 'team ${owner}',
          'Streaming.sla': '${@sla}',
          'Streaming.other': '${@other}',
        },
      });
      await publish(store, job('5 min'));
      const values = async (type: string, name: string) =>
        (await named(store, type, `${name}@${ns}`))?.businessAttributes;
      const first = { Streaming: { team: 'team orders-team', sla: '5 min' } };
      expect(await values('flink_application', 'enrich-orders')).toEqual(first);
      expect(await values('flink_process', 'enrich-orders/archive')).toEqual(first);
      expect((await publish(store, job('5 min'))).result.pushed).toBe(0);
      await publish(store, job('1 min'));
      expect(await values('flink_application', 'enrich-orders')).toEqual({
        Streaming: { team: 'team orders-team', sla: '1 min' },
      });
      if (store.info.kind === 'workspace') return;
      const unknown = { ...job('1 min'), businessTemplates: { 'Unknown.team': '${owner}' } };
      const { plan, result } = await publish(store, unknown);
      expect(result.pushed).toBe(0);
      expect(plan.notes).toContain('There is no business metadata Unknown here; Unknown.team is left out.');
    });

    test('a retired job goes with what only it declared, and the datasets stay', async () => {
      await publish(store, enrichOrders());
      await publish(store, segmentStatistics());
      const [found] = await store.findByName('flink_application', [`enrich-orders@${ns}`]);
      const plan = await planRetire(store, found?.entity.guid ?? '');
      expect(plan.removed.sort()).toEqual([
        'job enrich-orders',
        'process archive',
        'process enriched_orders',
        'schema /archive/orders',
        'schema Shop.Orders',
      ]);
      // much takes several requests: where it ends between two of them, retiring again finds the rest
      await store.remove(plan.guids.slice(0, 3));
      await retire(store, await planRetire(store, found?.entity.guid ?? ''));
      for (const [type, name] of [
        ['flink_application', 'enrich-orders'],
        ['flink_process', 'enrich-orders/archive'],
        ['flink_table', 'kafka_topic:shop.orders'],
        ['flink_column', 'kafka_topic:shop.orders.amount'],
      ] as const) {
        expect(await named(store, type, `${name}@${ns}`)).toBeUndefined();
      }
      expect(await named(store, 'kafka_topic', `shop.orders@${ns}`)).toBeDefined();
      expect(await named(store, 'flink_table', `kafka_topic:shop.enriched@${ns}`)).toBeDefined();
      // the other job takes over what both have declared
      expect((await planPublish(store, segmentStatistics())).preview.summary).not.toBe('');
      await publish(store, segmentStatistics());
      expect((await planPublish(store, segmentStatistics())).preview.summary).toBe('');
    });

    test('a renamed job stays the same job', async () => {
      await publish(store, enrichOrders());
      const [before] = await store.findByName('flink_application', [`enrich-orders@${ns}`]);
      await renameJob(store, before?.entity.guid ?? '', 'orders-enriched');
      expect(await named(store, 'flink_application', `enrich-orders@${ns}`)).toBeUndefined();
      const after = await named(store, 'flink_application', `orders-enriched@${ns}`);
      expect(after?.attributes.id).toBe(`orders-enriched@${ns}`);
      expect(after?.attributes.owner).toBe('orders-team');
      // the guid of an entity in a folder is made of its name
      if (store.info.kind === 'atlas') expect(after?.guid).toBe(before?.entity.guid);
      expect((await planPublish(store, { ...enrichOrders(), name: 'orders-enriched' })).preview.summary).toBe('');
      await publish(store, enrichOrders());
      await expect(renameJob(store, after?.guid ?? '', 'enrich-orders')).rejects.toMatchObject({ code: 'conflict' });
    });

    test('no secret reaches the store', async () => {
      const watching = watched(store);
      await publish(watching.store, enrichOrders());
      expect(watching.written.length).toBeGreaterThan(0);
      expect(watching.written.join('\n')).not.toContain('planted-secret');
    });

    test('a cancelled publish says so and writes nothing', async () => {
      const plan = await planPublish(store, enrichOrders());
      const signal = AbortSignal.abort();
      await expect(applyPublish(store, plan, { types: 'create' }, undefined, signal)).rejects.toMatchObject({
        code: 'cancelled',
      });
      expect(await named(store, 'flink_application', `enrich-orders@${ns}`)).toBeUndefined();
    });

    test('a job without any writing statement is refused with what to do', async () => {
      await expect(planPublish(store, { ...enrichOrders(), processes: [] })).rejects.toMatchObject({
        code: 'invalid',
        message: 'There is nothing to publish: no statement here writes to a table.',
      });
    });
  });
}

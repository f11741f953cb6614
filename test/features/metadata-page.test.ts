import { describe, expect, it } from 'vitest';
import type { KnownDataset } from '../../server/src/atlas/readDataset';
import { datasetPage, jobPage, type Page, termPage } from '../../server/src/features/metadata-page';

const now = 1_700_000_000_000;

function dataset(text: string, columns = 3): KnownDataset {
  return {
    attributes: {},
    declared: { options: { connector: text }, primaryKey: [], partitionKeys: [], kinds: {}, definition: text },
    card: {
      table: '',
      typeLabel: 'Kafka topic',
      typeName: 'kafka_topic',
      name: text,
      qualifiedName: text,
      guid: 'g',
      description: text,
      owner: text,
      classifications: [text],
      terms: [text],
      labels: [text],
      columns: Array.from({ length: columns }, (_, index) => ({
        name: `${text}${index}`,
        guid: '',
        qualifiedName: text,
        type: text,
        description: text,
        classifications: [text],
      })),
      upstream: [text],
      downstream: [text],
      updateTime: now - 3_600_000,
      status: 'active',
      webUrl: 'https://atlas.example/#!/detailPage/g',
    },
  };
}

it('shows what is known of a dataset', () => {
  const { title, markdown } = datasetPage(dataset('orders', 1), 'Atlas at prod', now);
  expect(title).toBe('orders');
  expect(markdown).toBe(
    `# orders

Kafka topic · Atlas at prod

\`orders\`

orders

**Owner** orders  
**Terms** orders  
**Classifications** ⚑ orders  
**Labels** orders  
**Written by** orders  
**Read by** orders  
**Updated** 1 hour ago

| Column | Type | | Description |
| --- | --- | --- | --- |
| orders0 | orders | ⚑ orders | orders |

## DDL

\`\`\`sql
CREATE TABLE orders (
  orders0 STRING COMMENT 'orders'
) COMMENT 'orders' WITH (
  'connector' = 'orders'
);
\`\`\`

[Open in Atlas](https://atlas.example/#!/detailPage/g)`.replace('CREATE', '-- orders0 is orders there\nCREATE'),
  );
});

it('begins with the column that was asked for', () => {
  const { title, markdown } = datasetPage({ ...dataset('orders'), column: 'orders1' }, 'Atlas at prod', now);
  expect(title).toBe('orders.orders1');
  expect(markdown).toMatch(/^# orders1\n\nColumn of orders · orders\n\norders\n\n⚑ orders\n\n---\n\n## orders\n/);
});

describe('metadata that means harm', () => {
  const nasty = [
    '[click](command:workbench.action.quit)',
    '<img src=x onerror=alert(1)>',
    '![x](https://evil.example/x.png)',
    '| a | b |\n| --- | --- |',
    '```\n# out of the block',
    '\u202ereversed\u202c',
    'x'.repeat(100_000),
    '$(trash) https://evil.example www.evil.example',
  ];
  const job = (text: string) => ({
    name: text,
    qualifiedName: text,
    description: text,
    owner: text,
    file: text,
    classifications: [text],
    processes: [{ name: text, inputs: [text], outputs: [text], sql: text }],
  });
  const term = (text: string) => ({
    guid: '',
    name: text,
    glossary: text,
    description: text,
    assigned: [{ displayText: text }],
  });

  /** Without what stands in code, where nothing is active. */
  function active({ markdown }: Page): string {
    return markdown
      .replace(/(`{3,})\w*\n[\s\S]*?\n\1/g, '')
      .replace(/(`+)[\s\S]*?\1/g, '')
      .replace(/\[Open in Atlas\]\(https:\/\/atlas.example[^)]*\)/, '');
  }

  it.each(nasty.map((text) => [text.slice(0, 30), text]))('%j is text', (_, text) => {
    for (const each of [
      datasetPage(dataset(text), text, now),
      jobPage(job(text), text, now),
      termPage(term(text), text),
    ]) {
      const shown = active(each);
      expect(shown).not.toMatch(/(?<!\\)[[\]<]|(?<!\\)\]\(|&(?!\w+;)/);
      expect(shown).not.toMatch(/https?:\/\/|(?<!\\)\$\(/);
      expect(each.markdown).not.toMatch(/[\u202a-\u202e]/);
      expect(each.title.length).toBeLessThanOrEqual(60);
      expect(each.markdown.length).toBeLessThan(60_000);
    }
  });

  it('does not show 5,000 columns', () => {
    const { markdown } = datasetPage(dataset('c', 5000), 'Atlas', now);
    expect(markdown).toContain('… and 4700 more columns');
    expect(markdown.split('\n').length).toBeLessThan(800);
  });
});

import { describe, expect, it } from 'vitest';
import { previewRows, previewText } from '../../client/src/publishPreview';
import { asTree, type LooseChange } from '../../server/src/atlas/changeTree';
import type { ChangeKind, PublishPlan } from '../../server/src/protocol';

const signs: Record<string, ChangeKind> = { '+': 'new', '~': 'changed', '-': 'removed', '=': 'unchanged' };

/** A plan of changes such as '+ edge orders → totals in process totals ("a" → "b")', of what is named the same way. */
function planOf(...changes: string[]): PublishPlan {
  const loose = changes.map((text): LooseChange => {
    const [, sign = '', what = '', label = '', owner, detail] =
      /^(.) (column lineage|\S+) (.*?)(?: in (.*?))?(?: \((.*)\))?$/.exec(text) ?? [];
    const kind = signs[sign] ?? 'new';
    return { kind, what, label, details: detail ? [detail] : [], key: `${what} ${label}`, ...(owner ? { owner } : {}) };
  });
  return {
    id: '1',
    store: { id: 'atlas:prod', kind: 'atlas', label: 'prod', url: 'https://atlas.example' },
    job: { name: 'totals', qualifiedName: 'totals@prod' },
    summary: '+ 1 job',
    missingTypes: [],
    notes: [],
    changes: asTree(loose),
  };
}

const rowsOf = (plan: PublishPlan, ...open: number[]) =>
  previewRows(plan, new Set(open)).map(({ depth, change, group }) => {
    const indent = '  '.repeat(depth);
    return group
      ? `${indent}${group.isOpen ? 'v' : '>'} ${group.label}: ${group.summary} #${group.id}`
      : `${indent}${change?.kind} ${change?.what} ${change?.label}`;
  });

const columns = (count: number, sign: string, name: string) =>
  Array.from({ length: count }, (_, index) => `${sign} column ${name}.${sign}${index} in schema ${name}`);

describe('the preview as a text', () => {
  it('reads like a diff of a tree: what changes first, what stays last', () => {
    const plan = planOf(
      '= dataset customers',
      '+ dataset orders',
      '+ schema orders in dataset orders',
      '+ column orders.id in schema orders',
      '= job totals',
      '- edge orders_old → totals in process totals',
      '= process kept in job totals',
      '~ process totals in job totals (description: "a" → "b")',
      '- process gone in job totals',
    );
    expect(
      previewText({ ...plan, notes: ['Line 12 was left out.'], missingTypes: ['flink_table'] }),
    ).toBe(`# Publish totals to prod
# + 1 job
# Note: Line 12 was left out.
# Types to be added to Atlas first: flink_table

  job totals
~   process totals
~       description: "a" → "b"
-     edge orders_old → totals
-   process gone
    process kept
+ dataset orders
+   schema orders
+     column orders.id
  dataset customers
`);
  });
});

describe('the preview as a tree', () => {
  it('leaves out what stays, but for what a change is in', () => {
    expect(rowsOf(planOf('= job totals', '+ process totals in job totals', '= dataset orders'))).toEqual([
      'unchanged job totals',
      '  new process totals',
    ]);
  });

  it('shows a few columns, and of more their number until they are opened', () => {
    const plan = planOf(
      '+ dataset few',
      '+ schema few in dataset few',
      ...columns(3, '+', 'few'),
      '= dataset many',
      '= schema many in dataset many',
      ...columns(2, '=', 'many'),
      ...columns(2, '-', 'many'),
      ...columns(3, '+', 'many'),
      ...columns(1, '~', 'many'),
    );
    const before = [
      'new dataset few',
      '  new schema few',
      '    new column few.+0',
      '    new column few.+1',
      '    new column few.+2',
      'unchanged dataset many',
      '  unchanged schema many',
    ];
    expect(rowsOf(plan)).toEqual([...before, '    > 6 columns: + 3  ~ 1  − 2 #7']);
    expect(rowsOf(plan, 7)).toEqual([
      ...before,
      '    v 6 columns: + 3  ~ 1  − 2 #7',
      '      new column many.+0',
      '      new column many.+1',
      '      new column many.+2',
      '      changed column many.~0',
      '      removed column many.-0',
      '      removed column many.-1',
    ]);
  });

  it('is short for 5,000 columns', () => {
    const plan = planOf('+ dataset wide', '+ schema wide in dataset wide', ...columns(5000, '+', 'wide'));
    expect(rowsOf(plan)).toEqual(['new dataset wide', '  new schema wide', '    > 5,000 columns: + 5,000 #2']);
  });

  it('shows at the top what belongs to nothing that is known', () => {
    expect(rowsOf(planOf('+ process totals in job elsewhere'))).toEqual(['new process totals']);
  });
});

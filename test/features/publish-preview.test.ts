import { expect, it } from 'vitest';
import { previewText } from '../../client/src/publishPreview';
import type { PublishPlan } from '../../server/src/protocol';

it('reads like a diff, new things first, what stays last', () => {
  const plan: PublishPlan = {
    id: '1',
    store: { id: 'atlas:prod', kind: 'atlas', label: 'prod', url: 'https://atlas.example' },
    job: { name: 'enrich-orders', qualifiedName: 'enrich-orders@prod' },
    summary: '+ 1 job  ~ 1 description  − 1 edge',
    missingTypes: ['flink_table'],
    notes: ['Line 12 was left out.'],
    changes: [
      { kind: 'unchanged', what: 'dataset', label: 'customers', details: [] },
      { kind: 'removed', what: 'edge', label: 'orders_old → enriched_orders', details: [] },
      { kind: 'changed', what: 'process', label: 'enriched_orders', details: ['description: "a" → "b"'] },
      { kind: 'new', what: 'column', label: 'orders.id', details: [] },
      { kind: 'new', what: 'job', label: 'enrich-orders', details: [] },
    ],
  };
  expect(previewText(plan)).toBe(`# Publish enrich-orders to prod
# + 1 job  ~ 1 description  − 1 edge
# Note: Line 12 was left out.
# Types to be added to Atlas first: flink_table

+ job enrich-orders
+ column orders.id
~ process enriched_orders
~     description: "a" → "b"
- edge orders_old → enriched_orders
  dataset customers
`);
});

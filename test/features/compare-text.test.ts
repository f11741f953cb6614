import { expect, it } from 'vitest';
import { compareText } from '../../client/src/compareText';
import type { StoreComparison, StoreDifference } from '../../server/src/protocol';

const difference = (given: Partial<StoreDifference>): StoreDifference => ({
  id: '1',
  state: 'different',
  what: 'job',
  label: 'enrich',
  qualifiedName: 'enrich@prod',
  ...given,
});

/** A comparison of these differences as text, without its head. */
function check(differences: Partial<StoreDifference>[], expected: string) {
  const here = { id: 'h', kind: 'workspace' as const, label: 'shop', url: '' };
  const there = { id: 't', kind: 'atlas' as const, label: 'prod', url: '' };
  const comparison: StoreComparison = {
    id: 'c',
    here,
    there,
    differences: differences.map(difference),
    same: 3,
    notes: ['N.'],
  };
  const [head, body = ''] = compareText(comparison).split('\n\n');
  expect(head).toBe(
    `# - shop\n# + prod\n# Note: N.\n# ${differences.length} difference${differences.length === 1 ? '' : 's'}, 3 alike`,
  );
  expect(body.trimEnd()).toBe(expected);
}

it('what only one side has is a line with its sign', () =>
  check(
    [
      { state: 'here', pieces: 3 },
      { state: 'there', what: 'Kafka topic', qualifiedName: 'orders@prod', pieces: 1 },
    ],
    '- job enrich@prod with 2 more that belong to it\n+ Kafka topic orders@prod',
  ));
it('what differs stands below its name, once, line by line', () =>
  check(
    [
      { attribute: 'owner', here: 'a', there: 'b' },
      { attribute: 'description', here: 'one\ntwo', there: '' },
    ],
    ['  job enrich@prod', '-     owner: a', '+     owner: b', '-     description: one', '-     description: two'].join(
      '\n',
    ),
  ));

import { expect, it } from 'vitest';
import { parseSearch } from '../../server/src/atlas/searchAtlas';

const every = ['dataset', 'column', 'job', 'term'];

it.each([
  ['orders', { words: ['orders'], kinds: every, types: [] }],
  ['  Orders   V2 ', { words: ['orders', 'v2'], kinds: every, types: [] }],
  ['type:dataset orders', { words: ['orders'], kinds: ['dataset'], types: [] }],
  ['orders type:columns type:job', { words: ['orders'], kinds: ['column', 'job'], types: [] }],
  ['type:table x', { words: ['x'], kinds: ['dataset'], types: [] }],
  ['type:kafka x', { words: ['x'], kinds: every, types: ['kafka'] }],
  ['kind:Hive_Table', { words: [], kinds: every, types: ['hive_table'] }],
  ['tag:PII class:', { words: [], kinds: every, types: [], classification: 'PII' }],
  ['TAG:pii x', { words: ['x'], kinds: every, types: [], classification: 'pii' }],
  ['a:b', { words: ['a:b'], kinds: every, types: [] }],
  ['', { words: [], kinds: every, types: [] }],
])('%j is read', (text, expected) => expect(parseSearch(text)).toEqual(expected));

import { describe, expect, it } from 'vitest';
import { parseScript } from '../../server/src/language/parser';
import type { PlacedStatement } from '../../server/src/language/script';
import { engine } from './engine';
import { generate, ruleNames } from './generate';
import { grammar } from './grammar';
import { brokenRule, brokenUpdate, type Engine } from './invariants';
import { minimise } from './minimise';
import { mutate } from './mutate';
import { Random } from './random';

const options = { flinkVersion: '2.3', templates: false };

describe('the generator', () => {
  it('knows every rule that the grammar names in lower case and with an underscore', () => {
    const named = new Set(grammar.replace(/'[^']*'|"[^"]*"/g, '').match(/\b[a-z]+_[a-z_]+\b/g));
    const plain = new Set(['user_id', 'my_type', 'item_1']);
    expect([...named].filter((name) => !ruleNames().includes(name) && !plain.has(name))).toEqual([]);
  });
  it('gives the same statement for the same seed, and ends', () => {
    for (let seed = 0; seed < 50; seed++) expect(generate(new Random(seed))).toBe(generate(new Random(seed)));
  });
});

describe('mutations', () => {
  it('are the same for the same seed and differ from their text', () => {
    const changed = Array.from({ length: 40 }, (_, seed) =>
      mutate('SELECT a FROM t WHERE b = 1', new Random(seed), ['x y']),
    );
    expect(changed).toEqual(
      Array.from({ length: 40 }, (_, seed) => mutate('SELECT a FROM t WHERE b = 1', new Random(seed), ['x y'])),
    );
    expect(new Set(changed).size).toBeGreaterThan(20);
  });
});

describe('minimising', () => {
  it('leaves only what the failure needs', () => {
    expect(minimise('SELECT a, (b + c) FROM t', (text) => text.includes('(') && text.includes(')'))).toBe('()');
  });
});

describe('the rules', () => {
  const text = 'SELECT a FROM t; -- c\nSELECT b';
  const whole = parseScript(text, options).statements;
  const moved = (change: Partial<PlacedStatement>): PlacedStatement[] => [whole[0]!, { ...whole[1]!, ...change }];
  it('hold for a parsed script', () => {
    expect(brokenRule(text, whole)).toBeUndefined();
  });
  it('tell text that no statement covers', () => {
    expect(brokenRule(text, [whole[1]!])).toMatch(/in no region/);
    expect(brokenRule(text, [whole[0]!])).toMatch(/in no region/);
  });
  it('tell a statement that is not at its place', () => {
    expect(brokenRule(text, moved({ offset: whole[1]!.offset - 1 }))).toMatch(/not the document's/);
  });
  it('tell a node outside of its parent', () => {
    const root = { kind: 'QueryStatement', start: 0, end: 8, query: { kind: 'Query', start: 0, end: 9 } };
    const statement = { ...whole[1]!.statement, root } as unknown as PlacedStatement['statement'];
    expect(brokenRule(text, moved({ statement }))).toMatch(/outside its QueryStatement.query/);
  });
  it('tell an update that differs from parsing anew', () => {
    const stale: Engine = { ...engine, update: (before, _change, own) => engine.parse(before, own) };
    const change = { start: 7, end: 8, text: 'xyz' };
    expect(brokenUpdate(stale, text, change, options)).toMatch(/differs/);
    expect(brokenUpdate(engine, text, change, options)).toBeUndefined();
  });
});

describe('the language core', () => {
  it('keeps the rules on a few hundred generated and mutated texts', () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = new Random(seed);
      const text = mutate(`${generate(random)};\n${generate(random)}`, random, ['SELECT a FROM t']);
      const broken = brokenRule(text, engine.parse(text, options));
      if (broken) expect.fail(`${broken}: ${JSON.stringify(text)}`);
    }
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { flinkVersions, lineOf } from '../../server/src/knowledge/data';
import { functions, resultType } from '../../server/src/knowledge/functions';
import {
  catalog,
  connector,
  expectedValue,
  type FactoryKind,
  type FactoryKnowledge,
  format,
  identifiers,
  modelProvider,
  moduleFactory,
} from '../../server/src/knowledge/options';
import { settings } from '../../server/src/knowledge/settings';
import { applyStrategy, type Rule } from '../../server/src/knowledge/strategies';
import { parseType } from '../../server/src/semantics/type-text';
import { sameType } from '../../server/src/semantics/types';

const folder = path.join(import.meta.dirname, '../../server/src/knowledge');
const read = (name: string) => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
const lookup: Record<FactoryKind, (version: string, id: string) => (FactoryKnowledge | undefined)[]> = {
  connector: (version, id) => [
    connector(version, id),
    connector(version, id, 'source'),
    connector(version, id, 'sink'),
  ],
  format: (version, id) => [format(version, id), format(version, id, 'file')],
  catalog: (version, id) => [catalog(version, id)],
  module: (version, id) => [moduleFactory(version, id)],
  model: (version, id) => [modelProvider(version, id)],
};
const types = ['string', 'integer', 'long', 'double', 'float', 'boolean', 'duration', 'memory', 'enum', 'list', 'map'];

describe('generated knowledge', () => {
  it.each(flinkVersions)('of Flink %s holds together', (version) => {
    const wrong: string[] = [];
    for (const kind of Object.keys(lookup) as FactoryKind[]) {
      for (const id of identifiers(version, kind)) {
        for (const factory of lookup[kind](version, id)) {
          if (!factory) continue;
          for (const [key, option] of factory.options) {
            if (option.key !== key || !types.includes(option.type)) wrong.push(`${id} ${key} ${option.type}`);
            if (option.default !== undefined && expectedValue(option, option.default))
              wrong.push(`${id} ${key} ${option.default}`);
          }
          for (const key of [...factory.required, ...factory.requiredEither.flat()]) {
            if (!factory.options.has(key)) wrong.push(`${id} requires ${key}`);
          }
        }
      }
    }
    for (const option of settings(version).values()) {
      if (option.default !== undefined && expectedValue(option, option.default))
        wrong.push(`SET ${option.key} ${option.default}`);
    }
    expect(wrong).toEqual([]);
  });

  it('has no rule that the strategies do not know', () => {
    const wrong: string[] = [];
    const int = parseType('INT');
    for (const row of read('functions.json').functions) {
      for (const [, , strategy] of [...(row.t ?? []), ...(row.all ?? []), ...(row.over ?? [])] as Rule[]) {
        if (strategy.startsWith('=') && parseType(strategy.slice(1)).root === 'UNKNOWN')
          wrong.push(`${row.n} ${strategy}`);
        applyStrategy(strategy, { types: [int, int, int, int] });
      }
    }
    expect(wrong).toEqual([]);
  });

  it('describes every function that has a type', () => {
    const silent = functions('2.3').filter(
      ({ name, description }) =>
        !description &&
        !/DECIMAL|_ON_NULL$|^(AUXILIARY_GROUP|PRINT|PROCTIME_MATERIALIZE|STREAMRECORD_TIMESTAMP|TRANSLATE3|DISTINCT)$/.test(
          name,
        ),
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('is small', () => {
    const size = ['options.json', 'functions.json', 'settings.json'].reduce(
      (sum, name) => sum + readFileSync(path.join(folder, name)).length,
      0,
    );
    expect(size).toBeLessThan(600_000);
  });

  it('takes versions as people write them', () => {
    expect(['1.17', '1.20.4', '2.0', '2.1.2', '2.9', 'newest'].map(lineOf)).toEqual([0, 0, 1, 2, 4, 4]);
  });
});

/** Answers of the real planner over types that the rules were not fitted to: written by scripts/knowledge/measure.mjs */
describe('result types', () => {
  it.each(['1.20', '2.3'])('are those of the planner of Flink %s', (version) => {
    const file = path.join(import.meta.dirname, `result-types-${version}.jsonl`);
    const wrong: string[] = [];
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const [name, tokens, type] = JSON.parse(line) as [string, string[], string];
      const [, plain, use] = /^(.*?)(?: (ALL|OVER))?$/.exec(name)!;
      const found = resultType(version, plain!, {
        types: tokens.map((token) => (token.startsWith('=') ? literalType(token.slice(1)) : parseType(token))),
        literals: tokens.map((token) => (/^=-?\d+$/.test(token) ? Number(token.slice(1)) : undefined)),
        ...(use ? { use: use.toLowerCase() as 'all' | 'over' } : {}),
      });
      if (!sameType(found, parseType(type))) wrong.push(line);
    }
    expect(wrong).toEqual([]);
  });
});

function literalType(literal: string) {
  if (literal.startsWith("'")) return parseType(`CHAR(${literal.length - 2}) NOT NULL`);
  const [whole, fraction] = literal.replace('-', '').split('.');
  return parseType(
    fraction ? `DECIMAL(${whole!.length + fraction.length}, ${fraction.length}) NOT NULL` : 'INT NOT NULL',
  );
}

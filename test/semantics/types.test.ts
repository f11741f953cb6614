import { expect, it } from 'vitest';
import { parseType } from '../../server/src/semantics/type-text';
import { printType } from '../../server/src/semantics/types';

const CASES: Record<string, string | undefined> = {
  'DECIMAL(10, 2) NOT NULL': 'DECIMAL(10, 2) NOT NULL',
  bigint: 'BIGINT',
  string: 'STRING',
  'varchar(20)': 'VARCHAR(20)',
  'TIMESTAMP(3)': 'TIMESTAMP(3)',
  'TIMESTAMP(3) WITH LOCAL TIME ZONE': 'TIMESTAMP_LTZ(3)',
  'ROW<a INT, `b c` ARRAY<STRING> NOT NULL>': 'ROW<a INT, `b c` ARRAY<STRING> NOT NULL>',
  'struct<a:int,b:map<string,double>>': 'ROW<a INT, b MAP<STRING, DOUBLE>>',
  binary: 'BYTES',
  geometry: undefined,
  'INT INT': undefined,
  '': undefined,
};

for (const [text, expected] of Object.entries(CASES)) {
  it(`reads the type '${text}'`, () => expect(printType(parseType(text))).toBe(expected));
}

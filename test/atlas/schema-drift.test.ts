import { describe, expect, it } from 'vitest';
import type { TableCard } from '../../server/src/atlas/cards';
import { compareTypes, flinkType } from '../../server/src/atlas/columnTypes';
import { isAuthoritative, schemaDrift } from '../../server/src/atlas/schemaDrift';
import type { TableColumn, TableNode } from '../../server/src/semantics/lineage';

describe('the Flink type of a column in the store', () => {
  it.each([
    ['hive_column', 'bigint', 'BIGINT'],
    ['hive_column', 'string', 'STRING'],
    ['hive_column', 'timestamp', 'TIMESTAMP(9)'],
    ['hive_column', 'decimal(10,2)', 'DECIMAL(10, 2)'],
    ['hive_column', 'array<struct<a:int,b:string>>', 'ARRAY<ROW<a INT, b STRING>>'],
    ['hive_column', 'map<string,binary>', 'MAP<STRING, BYTES>'],
    ['hive_column', 'uniontype<int,string>', undefined],
    ['avro_field', 'long', 'BIGINT'],
    ['avro_field', 'decimal(10,2)', 'DECIMAL(10, 2)'],
    ['avro_field', 'array<map<double>>', 'ARRAY<MAP<STRING, DOUBLE>>'],
    ['avro_field', 'array<shop.Node>', undefined],
    ['avro_field', 'map<long | string>', undefined],
    ['avro_field', 'enum State', 'STRING'],
    ['avro_field', 'timestamp-millis', undefined],
    ['avro_field', 'constructor', undefined],
    ['avro_kind', 'STRING', 'STRING'],
    ['avro_kind', 'LONG', undefined],
    ['avro_kind', 'UNION', undefined],
    ['rdbms_column', 'varchar(200)', 'VARCHAR(200)'],
    ['rdbms_column', 'character varying', 'STRING'],
    ['rdbms_column', 'INT8', 'BIGINT'],
    ['rdbms_column', 'numeric(12, 4)', 'DECIMAL(12, 4)'],
    ['rdbms_column', 'numeric', undefined],
    ['rdbms_column', 'timestamp(3) with time zone', 'TIMESTAMP_LTZ(3)'],
    ['rdbms_column', 'timestamp', 'TIMESTAMP(6)'],
    ['rdbms_column', 'bigint unsigned', 'DECIMAL(20, 0)'],
    ['rdbms_column', 'tinyint(1)', 'BOOLEAN'],
    ['rdbms_column', 'int(11)', 'INT'],
    ['rdbms_column', 'uuid', undefined],
    // as Flink jobs publish them where nobody else did
    ['rdbms_column', 'DECIMAL(10, 2) NOT NULL', 'DECIMAL(10, 2) NOT NULL'],
    ['rdbms_column', 'STRING', 'STRING'],
    ['flink_column', 'DECIMAL(10, 2) NOT NULL', 'DECIMAL(10, 2) NOT NULL'],
    ['avro_field', 'long', 'BIGINT'],
    ['avro_field', 'shop.Order', undefined],
    ['hive_column', '[x](command:evil)', undefined],
  ])('%s %s is %s', (column, text, type) => expect(flinkType(column, text)).toBe(type));
  it('takes the length that is kept apart', () => expect(flinkType('rdbms_column', 'varchar', 40)).toBe('VARCHAR(40)'));
});

describe('types in the script and in the store', () => {
  it.each([
    ['BIGINT NOT NULL', 'BIGINT', 'same'],
    ['STRING', 'VARCHAR(20)', 'same'],
    ['TIMESTAMP(3)', 'TIMESTAMP(9)', 'same'],
    ['BIGINT', 'INT', 'wider'],
    ['INT', 'BIGINT', 'other'],
    ['BIGINT', 'DECIMAL(10, 0)', 'wider'],
    ['DECIMAL(10, 2)', 'DECIMAL(12, 2)', 'other'],
    ['DECIMAL(12, 3)', 'DECIMAL(10, 2)', 'wider'],
    ['DECIMAL(12, 2)', 'INT', 'wider'],
    ['DOUBLE', 'FLOAT', 'wider'],
    ['DOUBLE', 'DECIMAL(10, 2)', 'other'],
    ['TIMESTAMP(3)', 'TIMESTAMP_LTZ(3)', 'other'],
    ['STRING', 'INT', 'other'],
    ['ARRAY<INT>', 'ARRAY<STRING>', 'other'],
    ['ROW<a INT>', 'ROW<a INT, b STRING>', 'same'],
    ['ROW<c INT>', 'ROW<a INT>', 'other'],
    ['RAW(x)', 'INT', undefined],
    [undefined, 'INT', undefined],
  ])('%s here and %s there: %s', (here, there, result) => expect(compareTypes(here, there)).toBe(result));
});

/** A column as 'name TYPE', with 'computed' or 'metadata' behind it. */
const columns = (...texts: string[]): TableColumn[] =>
  texts.map((text) => {
    const [, name = '', type = '', kind = 'physical'] = /^(\S+) (.*?)(?: (computed|metadata))?$/.exec(text) ?? [];
    return { name, type, kind: kind as TableColumn['kind'] };
  });

/** Checks the differences: '- missing', '+ extra', '~ retyped here there'. */
function check(here: TableColumn[], there: TableColumn[], expected: string[], columnType = 'flink_column'): void {
  const table: TableNode = { name: 'a.b.t', kind: 'table', options: {}, columns: here };
  const card = {
    columns: there.map(({ name, type, kind }) => ({ name, flinkType: type, kind, classifications: [] })),
    columnType,
  } as unknown as TableCard;
  const signs = { missing: '-', extra: '+', retyped: '~' };
  const text = schemaDrift(table, card).map((one) =>
    [signs[one.kind], one.name, one.here, one.there].filter(Boolean).join(' '),
  );
  expect(text).toEqual(expected);
}

describe('columns', () => {
  it('missing, extra and retyped', () =>
    check(columns('a INT', 'b STRING', 'd INT'), columns('a BIGINT', 'b STRING', 'c DATE'), [
      '- c DATE',
      '~ a INT BIGINT',
      '+ d INT',
    ]));
  it('computed and metadata columns do not count, on either side', () =>
    check(columns('a INT', 'p INT computed', 'm INT metadata'), columns('a INT', 'offset BIGINT metadata'), []));
  it('case counts for Flink, not for Hive and databases', () => {
    check(columns('Id INT'), columns('id INT'), ['- id INT', '+ Id INT']);
    check(columns('Id INT'), columns('id INT'), [], 'hive_column');
    check(columns('id INT'), columns('ID INT'), [], 'rdbms_column');
  });
  it('what drivers read either way is no difference', () => {
    check(columns('a TIMESTAMP(3)', 'b INT'), columns('a TIMESTAMP_LTZ(6)', 'b BOOLEAN'), [], 'rdbms_column');
    check(columns('b INT'), columns('b BOOLEAN'), ['~ b INT BOOLEAN'], 'hive_column');
  });
  it('nothing differs where one side is not known', () => check([], columns('a INT'), []));
});

describe('the store is right', () => {
  const card = (part: Partial<TableCard>) => ({ status: 'active', ...part }) as TableCard;
  const own = (name: string) => name === 'mine@prod';
  it.each([
    ['about Hive', card({ columnType: 'hive_column' }), true],
    ['about databases', card({ columnType: 'rdbms_column' }), true],
    [
      'about what another job writes',
      card({ columnType: 'flink_column', publishedBy: 'x@prod', publishedAs: 'sink' }),
      true,
    ],
    [
      'not about what others read',
      card({ columnType: 'flink_column', publishedBy: 'x@prod', publishedAs: 'source' }),
      false,
    ],
    [
      'not about what this job published',
      card({ columnType: 'flink_column', publishedBy: 'mine@prod', publishedAs: 'sink' }),
      false,
    ],
    ['not about what is deleted', card({ columnType: 'hive_column', status: 'deleted' }), false],
    ['not where it has no columns', card({}), false],
    ['that of an Avro schema', card({ columnType: 'avro_field' }), true],
    ['not where columns are leaves of records', card({ columnType: 'avro_field', flattened: true }), false],
  ])('%s', (_, known, right) => expect(isAuthoritative(known, own)).toBe(right));
});

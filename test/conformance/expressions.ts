// Expressions made by chance: every built-in function and operator over columns, literals and each other.
import { acceptsTypes, type FunctionKnowledge, functions } from '../../server/src/knowledge/functions';
import { parseType } from '../../server/src/semantics/type-text';
import { isBinary, isCharacter, isNumeric, isTimestamp, type LogicalType } from '../../server/src/semantics/types';
import type { Random } from '../fuzz/random';

/** Types of columns. The rules for results were fitted to others, where a type has parameters or parts. */
const types = [
  ...['BOOLEAN', 'TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE'],
  ...['DECIMAL(7, 3)', 'DECIMAL(18, 0)', 'DECIMAL(22, 9)', 'DECIMAL(38, 10)', 'DECIMAL(4, 4)'],
  ...['CHAR(2)', 'CHAR(12)', 'VARCHAR(6)', 'VARCHAR(33)', 'STRING'],
  ...['BINARY(4)', 'BINARY(9)', 'VARBINARY(5)', 'VARBINARY(40)', 'BYTES'],
  ...['DATE', 'TIME(0)', 'TIMESTAMP(0)', 'TIMESTAMP(2)', 'TIMESTAMP(3)', 'TIMESTAMP(9)'],
  ...['TIMESTAMP_LTZ(1)', 'TIMESTAMP_LTZ(3)', 'TIMESTAMP_LTZ(6)'],
  ...['INTERVAL DAY TO SECOND(3)', 'INTERVAL YEAR TO MONTH'],
  ...['ARRAY<INT>', 'ARRAY<BIGINT NOT NULL>', 'ARRAY<VARCHAR(8)>', 'ARRAY<STRING NOT NULL>', 'ARRAY<DECIMAL(9, 1)>'],
  ...['ARRAY<ARRAY<DOUBLE>>', 'ARRAY<ROW<a INT, b STRING NOT NULL>>', 'ARRAY<TIMESTAMP(3)>', 'ARRAY<BYTES>'],
  ...['MAP<STRING, BIGINT>', 'MAP<INT NOT NULL, VARCHAR(4) NOT NULL>', 'MAP<BIGINT, ARRAY<DATE>>'],
  ...['MULTISET<VARCHAR(5)>', 'MULTISET<BIGINT NOT NULL>'],
  ...['ROW<a INT, b STRING NOT NULL>', 'ROW<x ROW<y DECIMAL(5, 2), z DATE NOT NULL> NOT NULL, w ARRAY<INT>>'],
];
const newerTypes: Record<string, string[]> = { '1.20': [], '2.3': ['VARIANT', 'BITMAP'] };

/** The columns of the table `t` by name, each type once nullable and once not. */
export function columnsOf(flink: string): Record<string, string> {
  const all = [...types, ...(newerTypes[flink] ?? [])];
  return Object.fromEntries([
    ['k', 'INT'],
    ...all.flatMap((type, i) => [
      [`c${i}`, type],
      [`d${i}`, `${type} NOT NULL`],
    ]),
  ]);
}

/** Tables with time attributes, for windows. */
export const timedTables = ['TIMESTAMP(3)', 'TIMESTAMP_LTZ(3)'].map(
  (type, i) =>
    `CREATE TABLE w${i} (k INT, v DOUBLE, rt ${type}, pt AS PROCTIME(), WATERMARK FOR rt AS rt) ` +
    "WITH ('connector' = 'datagen')",
);

/** An expression, the function or operator on top of it, and what follows the select list around it. */
export interface MadeExpression {
  readonly sql: string;
  readonly top: string;
  readonly from: string;
}

const literals = [
  ...['0', '1', '2', '7', '-3', '100', '2147483648', '12345678901234567890', '0.5', '12.25', '-0.001', '1e3', '2.5E-2'],
  ...["''", "'a'", "'abc'", "'2024-01-02'", "'10:11:12'", "'2024-01-02 03:04:05.678'", "'UTF-8'", "'$.a'", "'it''s'"],
  ...['TRUE', 'FALSE', "x'0a0b'", "DATE '2024-02-03'", "TIME '01:02:03'", "TIMESTAMP '2024-02-03 04:05:06'"],
  ...["TIMESTAMP '2024-02-03 04:05:06.1234'", "INTERVAL '1' DAY", "INTERVAL '2' HOUR", "INTERVAL '3' MONTH"],
  ...["INTERVAL '1-2' YEAR TO MONTH", "INTERVAL '1 02:03' DAY TO MINUTE", "INTERVAL '5.5' SECOND"],
  ...['ARRAY[1, 2]', "ARRAY['x']", "MAP['k', 1]", "ROW(1, 'b')", 'CAST(NULL AS INT)', 'CAST(NULL AS STRING)'],
];

const castTargets = [
  ...['BOOLEAN', 'TINYINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL(12, 4)', 'DECIMAL', 'CHAR(3)', 'VARCHAR(9)'],
  ...['STRING', 'BYTES', 'BINARY(3)', 'VARBINARY(7)', 'DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP(3)', 'TIMESTAMP_LTZ(3)'],
  ...['ARRAY<STRING>', 'ARRAY<BIGINT NOT NULL>', 'MAP<STRING, STRING>', 'ROW<a BIGINT, b STRING>', 'MULTISET<STRING>'],
  ...['INTERVAL DAY TO SECOND', 'INTERVAL MONTH', 'INTERVAL YEAR TO MONTH', 'INTERVAL MINUTE TO SECOND'],
];
const units = ['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND'];
const fractions = ['MILLISECOND', 'MICROSECOND'];
const extracted = [...units, ...fractions, 'DOY', 'DOW', 'EPOCH', 'ISODOW', 'ISOYEAR', 'CENTURY', 'DECADE'];

/**
 * Forms with a syntax of their own. `$1` is an argument, `$e` any number of further ones, `{unit}` and the like a word
 * of a list. The name that types are known by stands in front where it is another than the form's own.
 */
const forms: readonly [top: string, template: string, known?: string][] = [
  ...['+', '-', '*', '/', '%', '||'].map((op): [string, string, string] => [op, `$1 ${op} $2`, op]),
  ...['=', '<>', '<', '<=', '>', '>=', 'AND', 'OR', 'LIKE', 'SIMILAR TO'].map((op): [string, string, string] => [
    op,
    `$1 ${op} $2`,
    { '<=': '<', '>': '<', '>=': '<' }[op] ?? op,
  ]),
  ['NOT LIKE', "$1 NOT LIKE $2 ESCAPE '!'", 'LIKE'],
  ['IS DISTINCT FROM', '$1 IS DISTINCT FROM $2', 'IS DISTINCT FROM'],
  ['IS NOT DISTINCT FROM', '$1 IS NOT DISTINCT FROM $2', 'IS DISTINCT FROM'],
  ['unary -', '-$1', 'U-'],
  ['unary +', '+$1', 'U-'],
  ['NOT', 'NOT $1', 'NOT'],
  ['IS NULL', '$1 IS {not}NULL'],
  ['IS TRUE', '$1 IS {not}{truth}', 'IS TRUE'],
  ['IS JSON', '$1 IS {not}JSON {json}', 'IS JSON'],
  ['BETWEEN', '$1 {not}BETWEEN $2 AND $3', 'BETWEEN'],
  ['IN', '$1 {not}IN ($2, $3)', 'IN'],
  ['CASE WHEN ELSE', 'CASE WHEN {condition} THEN $1 ELSE $2 END'],
  ['CASE WHEN', 'CASE WHEN {condition} THEN $1 END'],
  ['CASE WHEN WHEN ELSE', 'CASE WHEN {condition} THEN $1 WHEN k > 3 THEN $2 ELSE $3 END'],
  ['CASE ELSE NULL', 'CASE WHEN k = 1 THEN $1 WHEN k = 2 THEN NULL ELSE $2 END'],
  ['CASE NULL', 'CASE WHEN k = 1 THEN NULL ELSE $1 END'],
  ['CASE of', 'CASE k WHEN 1 THEN $1 WHEN 2 THEN $2 ELSE $3 END'],
  ['CASE of any', 'CASE $1 WHEN $2 THEN 1 ELSE 2 END'],
  ['CASE of IN', 'CASE k WHEN 1, 2 THEN $1 ELSE $2 END'],
  ['[]', '$1[$2]', 'ITEM'],
  ['.', '{row}'],
  ['CAST', 'CAST($1 AS {type})'],
  ['TRY_CAST', 'TRY_CAST($1 AS {type})'],
  ['EXTRACT', 'EXTRACT({extracted} FROM $1)', 'EXTRACT'],
  ['FLOOR TO', 'FLOOR($1 TO {unit})', 'FLOOR TO'],
  ['CEIL TO', 'CEIL($1 TO {unit})', 'CEIL TO'],
  ['TIMESTAMPADD', 'TIMESTAMPADD({unit}, $1, $2)', 'TIMESTAMPADD'],
  ['TIMESTAMPDIFF', 'TIMESTAMPDIFF({unit}, $1, $2)', 'TIMESTAMPDIFF'],
  ['INTERVAL *', "$1 * INTERVAL '{digit}' {unit}"],
  ['+ INTERVAL', "$1 {sign} INTERVAL '{digit}' {unit}"],
  ['INTERVAL - of times', '($1 - $2) {unit}'],
  ['POSITION', 'POSITION($1 IN $2)', 'POSITION'],
  ['POSITION FROM', 'POSITION($1 IN $2 FROM $3)'],
  ['TRIM', 'TRIM({side}FROM $1)'],
  ['TRIM what', 'TRIM({side}$1 FROM $2)', 'TRIM 2'],
  ['TRIM plain', 'TRIM($1)', 'TRIM'],
  ['SUBSTRING FROM', 'SUBSTRING($1 FROM $2)', 'SUBSTRING'],
  ['SUBSTRING FROM FOR', 'SUBSTRING($1 FROM $2 FOR $3)', 'SUBSTRING'],
  ['SUBSTRING', 'SUBSTRING($1, $2)', 'SUBSTRING'],
  ['SUBSTRING 3', 'SUBSTRING($1, $2, $3)', 'SUBSTRING'],
  ['OVERLAY', 'OVERLAY($1 PLACING $2 FROM $3)', 'OVERLAY'],
  ['OVERLAY FOR', 'OVERLAY($1 PLACING $2 FROM $3 FOR $4)', 'OVERLAY'],
  ['CEIL', 'CEIL($1)', 'CEIL'],
  ['CEILING', 'CEILING($1)', 'CEIL'],
  ['FLOOR', 'FLOOR($1)', 'FLOOR'],
  ['JSON_VALUE', "JSON_VALUE($1, '{path}'{returning}{onEmpty}{onError})"],
  ['JSON_QUERY', "JSON_QUERY($1, '{path}'{wrapper})"],
  ['JSON_QUERY RETURNING', "JSON_QUERY($1, '{path}' RETURNING {jsonArray}{wrapper})"],
  ['JSON_EXISTS', "JSON_EXISTS($1, '{path}'{existsOnError})"],
  ['JSON_OBJECT', "JSON_OBJECT('k' VALUE $1{jsonNull})"],
  ['JSON_OBJECT 2', "JSON_OBJECT(KEY 'k' VALUE $1, 'm' VALUE $2)"],
  ['JSON_ARRAY', 'JSON_ARRAY($1, $2{jsonNull})'],
  ['ARRAY []', 'ARRAY[$1, $2]', 'ARRAY'],
  ['ARRAY [] 1', 'ARRAY[$1]'],
  ['ARRAY [] 3', 'ARRAY[$1, $2, $3]'],
  ['MAP []', 'MAP[$1, $2]'],
  ['MAP [] 2', 'MAP[$1, $2, $3, $4]'],
  ['ROW', 'ROW($1, $2)'],
  ['( , )', '($1, $2, $3)'],
  ['MULTISET []', 'MULTISET[$1, $2]'],
  ['scalar subquery', '(SELECT MAX($1) FROM t)'],
  ['scalar subquery 2', '(SELECT $1 FROM t LIMIT 1)'],
  ['UNION', '(SELECT x FROM (SELECT $1 AS x FROM t UNION ALL SELECT $2 FROM t))', '='],
  ['INTERSECT', '(SELECT x FROM (SELECT $1 AS x FROM t INTERSECT SELECT $2 FROM t))', '='],
  ['EXISTS', 'EXISTS (SELECT $1 FROM t)'],
  ['IN query', 'k {not}IN (SELECT k FROM t)'],
  ['CURRENT_TIMESTAMP', '{now}'],
  ['field of element', '{element}'],
];
const aggregateForms: readonly [top: string, template: string][] = [
  ['JSON_OBJECTAGG', 'JSON_OBJECTAGG(KEY $1 VALUE $2{jsonNull})'],
  ['JSON_ARRAYAGG', 'JSON_ARRAYAGG($1{jsonNull})'],
  ['ARRAY_AGG', 'ARRAY_AGG({distinct}$1)'],
  ['COUNT(*)', 'COUNT(*)'],
  ['LISTAGG', "LISTAGG({distinct}$1, ',')"],
];
const distinct = new Set(['SUM', 'AVG', 'COUNT', 'MIN', 'MAX', 'STDDEV_POP', 'VAR_SAMP', 'COLLECT', 'LISTAGG']);

const words: Record<string, readonly string[]> = {
  not: ['', 'NOT '],
  condition: ['k > 3', 'c0', 'd0', 'c0 IS NULL', 'NULL IS NULL'],
  truth: ['TRUE', 'FALSE', 'UNKNOWN'],
  json: ['', 'VALUE', 'OBJECT', 'ARRAY', 'SCALAR'],
  unit: [...units, ...units, ...fractions],
  extracted,
  type: castTargets,
  digit: ['1', '5', '12'],
  sign: ['+', '-'],
  side: ['', 'BOTH ', 'LEADING ', 'TRAILING '],
  path: ['$.a', 'lax $.a', 'strict $.b[0]'],
  returning: ['', '', ' RETURNING INT', ' RETURNING DOUBLE', ' RETURNING BOOLEAN', ' RETURNING STRING'],
  onEmpty: ['', '', ' NULL ON EMPTY', " DEFAULT 'x' ON EMPTY", ' DEFAULT 1 ON EMPTY', ' ERROR ON EMPTY'],
  onError: ['', '', ' NULL ON ERROR', " DEFAULT 'x' ON ERROR", ' ERROR ON ERROR'],
  wrapper: ['', ' WITH WRAPPER', ' WITHOUT WRAPPER', ' EMPTY ARRAY ON EMPTY', ' NULL ON ERROR', ' ERROR ON ERROR'],
  jsonArray: ['ARRAY<STRING>', 'ARRAY<INT>', 'STRING', 'VARCHAR(10)'],
  jsonNull: ['', ' NULL ON NULL', ' ABSENT ON NULL'],
  existsOnError: ['', ' TRUE ON ERROR', ' FALSE ON ERROR', ' UNKNOWN ON ERROR', ' ERROR ON ERROR'],
  distinct: ['', 'DISTINCT '],
  now: ['CURRENT_TIMESTAMP', 'CURRENT_DATE', 'CURRENT_TIME', 'LOCALTIME', 'LOCALTIMESTAMP', 'PI', 'PROCTIME()', 'proc'],
};

const windows: readonly [window: string, ends: readonly string[]][] = ['rt', 'pt'].flatMap((time) => [
  [`TUMBLE(${time}, INTERVAL '1' HOUR)`, ['TUMBLE_START', 'TUMBLE_END', 'TUMBLE_ROWTIME', 'TUMBLE_PROCTIME']],
  [`HOP(${time}, INTERVAL '1' HOUR, INTERVAL '2' HOUR)`, ['HOP_START', 'HOP_END', 'HOP_ROWTIME', 'HOP_PROCTIME']],
  [`SESSION(${time}, INTERVAL '1' HOUR)`, ['SESSION_START', 'SESSION_END', 'SESSION_ROWTIME', 'SESSION_PROCTIME']],
]);

/** What only the planner itself puts into a plan, or what needs more than a table to stand in a query. */
const internal = /^(AGG_DECIMAL_|HIVE_AGG|JSON_(OBJECT|ARRAY)AGG_|AUXILIARY_GROUP$|PRINT$|DESCRIPTOR$|DISTINCT$)/;

/** Gives the type of an expression over `t` as far as it is known, for drawing arguments that have a chance. */
export type Guess = (sql: string) => LogicalType;

interface Argument {
  readonly sql: string;
  readonly type: () => LogicalType;
}

/** Types that go together often. */
function kinship(type: LogicalType): string {
  if (isNumeric(type)) return 'number';
  if (isCharacter(type)) return 'text';
  if (isBinary(type)) return 'bytes';
  return isTimestamp(type) || type.root === 'DATE' ? 'time' : type.root;
}

/** Makes expressions for one Flink version. Arguments are mostly such that our knowledge does not see refused. */
export class ExpressionMaker {
  private readonly columns: readonly (readonly [string, LogicalType])[];
  private readonly rows: readonly string[];
  private readonly elements: readonly string[];
  private readonly guesses = new Map<string, LogicalType>();
  private readonly made: readonly (() => MadeExpression | undefined)[];
  private readonly scalars: readonly (() => MadeExpression | undefined)[];
  private depth = 0;

  constructor(
    private readonly flink: string,
    private readonly random: Random,
    private readonly guess: Guess,
  ) {
    const columns = columnsOf(flink);
    this.columns = Object.entries(columns).map(([name, type]) => [name, parseType(type)] as const);
    const named = (pattern: RegExp): string[] =>
      Object.keys(columns).filter((name) => pattern.test(columns[name]!.trim()));
    const plain = named(/^ROW<a/);
    const deep = named(/^ROW<x/);
    this.rows = [
      ...plain.flatMap((name) => [`t.${name}.a`, `${name}.b`]),
      ...deep.flatMap((name) => [`t.${name}.x`, `${name}.w`, `t.${name}.x.y`, `${name}.x.z`]),
    ];
    this.elements = [...named(/^ARRAY<ROW/).flatMap((name) => [`${name}[1].a`, `${name}[2].b`]), "ROW(1, 'x').EXPR$1"];
    const known = functions(flink).filter(({ name }) => !internal.test(name));
    this.scalars = [
      ...forms.map(
        ([top, template, name]) =>
          () =>
            this.form(top, template, name, 'FROM t'),
      ),
      ...known.filter((one) => one.kinds[0] === 'scalar' && !one.special).map((one) => () => this.scalar(one)),
    ];
    this.made = [
      ...this.scalars,
      ...known.filter((one) => one.kinds[0] === 'aggregate' && !one.special).map((one) => () => this.aggregate(one)),
      ...known.filter((one) => one.kinds[0] === 'over').map((one) => () => this.over(one)),
      ...aggregateForms.map(
        ([top, template]) =>
          () =>
            this.form(top, template, undefined, this.grouping()),
      ),
      ...Array.from({ length: 4 }, () => () => this.window()),
      () => ({
        sql: 'CURRENT_WATERMARK(rt)',
        top: 'CURRENT_WATERMARK',
        from: `FROM ${this.random.pick(['w0', 'w1'])}`,
      }),
    ];
  }

  /** One of each function and operator after the other: the n-th. Nothing where no arguments were found for it. */
  make(n: number): MadeExpression | undefined {
    return this.made[n % this.made.length]!();
  }

  /** How many functions and forms there are. */
  get kinds(): number {
    return this.made.length;
  }

  /** Arguments that are not known to be refused; mostly, so that what we refuse wrongly is found too. */
  private arguments(count: number, name: string | undefined): string[] | undefined {
    const blind = !name || this.random.chance(0.15);
    for (let tries = 0; tries < 400; tries++) {
      const drawn: Argument[] = [];
      const plain = this.random.chance(0.5);
      while (drawn.length < count) drawn.push((plain ? this.plain(drawn) : this.related(drawn)) ?? this.argument());
      if (blind) return drawn.map(({ sql }) => sql);
      const found = drawn.map(({ type }) => type());
      if (found.some(({ root }) => root === 'UNKNOWN')) continue;
      const accepted = acceptsTypes(this.flink, name, found);
      // what nobody tried has less of a chance
      if (accepted ?? this.random.chance(0.03)) return drawn.map(({ sql }) => sql);
    }
    return undefined;
  }

  /** Texts, whole numbers and what stands before: most functions of several arguments take these. */
  private plain(before: readonly Argument[]): Argument | undefined {
    const dice = this.random.next();
    if (dice < 0.2) return before.at(-1);
    const wanted = dice < 0.6 ? /^(CHAR|VARCHAR)$/ : /^(INT|BIGINT)$/;
    const [name, type] = this.random.pick(this.columns.filter(([, { root }]) => wanted.test(root)));
    return { sql: name, type: () => type };
  }

  private typeOf(sql: string): LogicalType {
    let type = this.guesses.get(sql);
    if (!type) {
      type = this.guess(sql);
      this.guesses.set(sql, type);
    }
    return type;
  }

  /** Often an argument like one before it, or a part of it: of any two types, most functions refuse them together. */
  private related(before: readonly Argument[]): Argument | undefined {
    if (before.length === 0 || !this.random.chance(0.4)) return undefined;
    const type = this.random.pick(before).type();
    const part =
      type.element && this.random.chance(0.7) ? this.random.pick([type.element, type.key ?? type.element]) : type;
    const kin = this.columns.filter(([, other]) => kinship(other) === kinship(part));
    if (kin.length === 0) return undefined;
    const [name, own] = this.random.pick(kin);
    return { sql: name, type: () => own };
  }

  private argument(): Argument {
    const dice = this.random.next();
    if (dice < 0.2) return this.literal();
    if (dice < 0.32 && this.depth < 2) {
      this.depth++;
      const inner = this.random.pick(this.scalars)();
      this.depth--;
      if (inner) return { sql: inner.top === '.' ? inner.sql : `(${inner.sql})`, type: () => this.typeOf(inner.sql) };
    }
    if (dice < 0.34) return { sql: 'NULL', type: () => ({ root: 'NULL', nullable: true }) };
    const [name, type] = this.random.pick(this.columns);
    return { sql: name, type: () => type };
  }

  private literal(): Argument {
    const sql = this.random.pick(literals);
    return { sql, type: () => this.typeOf(sql) };
  }

  private form(top: string, template: string, name: string | undefined, from: string): MadeExpression | undefined {
    const count = Math.max(0, ...[...template.matchAll(/\$(\d)/g)].map((match) => Number(match[1])));
    const args = this.arguments(count, name);
    if (!args) return undefined;
    const sql = template.replace(/\$(\d)|\{(\w+)\}/g, (_, digit?: string, word?: string) => {
      if (digit) return args[Number(digit) - 1]!;
      if (word === 'row') return this.random.pick(this.rows);
      if (word === 'element') return this.random.pick(this.elements);
      return this.random.pick(words[word!]!);
    });
    return { sql, top, from };
  }

  private call(known: FunctionKnowledge): string | undefined {
    const counts = known.counts.filter((count) => count <= 5);
    const count = this.random.pick(counts);
    if (count === 0) return known.bare && this.random.chance(0.5) ? known.name : `${known.name}()`;
    const args = this.arguments(count, known.name);
    return args && `${known.name}(${args.join(', ')})`;
  }

  private scalar(known: FunctionKnowledge): MadeExpression | undefined {
    const sql = this.call(known);
    return sql === undefined ? undefined : { sql, top: known.name, from: 'FROM t' };
  }

  private grouping(): string {
    return this.random.pick(['FROM t', 'FROM t GROUP BY k']);
  }

  private aggregate(known: FunctionKnowledge): MadeExpression | undefined {
    const call = this.call(known);
    if (call === undefined) return undefined;
    const dice = this.random.next();
    const once = distinct.has(known.name) && dice < 0.2 ? call.replace('(', '(DISTINCT ') : call;
    if (dice < 0.6) return { sql: once, top: known.name, from: this.grouping() };
    if (dice < 0.75) return { sql: `${call} FILTER (WHERE k > 0)`, top: known.name, from: this.grouping() };
    return {
      sql: `${call} OVER (${this.random.pick(['PARTITION BY k ', ''])}ORDER BY proc)`,
      top: `${known.name} OVER`,
      from: 'FROM t',
    };
  }

  private over(known: FunctionKnowledge): MadeExpression | undefined {
    const call = this.call(known);
    return call === undefined
      ? undefined
      : { sql: `${call} OVER (PARTITION BY k ORDER BY proc)`, top: known.name, from: 'FROM t' };
  }

  private window(): MadeExpression {
    const [window, ends] = this.random.pick(windows);
    const top = this.random.pick(ends);
    const from = `FROM ${this.random.pick(['w0', 'w1'])} GROUP BY ${window}`;
    return { sql: `${top}${window.slice(window.indexOf('('))}`, top, from };
  }
}

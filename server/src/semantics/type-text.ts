/** Reads types as text: in the form that Flink prints them, and in that of Hive's metastore where it differs. */
import { type LogicalType, MAX_LENGTH, type RowField, type TypeRoot, UNKNOWN } from './types';

const PLAIN: Readonly<Record<string, TypeRoot>> = {
  BOOLEAN: 'BOOLEAN',
  TINYINT: 'TINYINT',
  SMALLINT: 'SMALLINT',
  INT: 'INT',
  INTEGER: 'INT',
  BIGINT: 'BIGINT',
  FLOAT: 'FLOAT',
  DOUBLE: 'DOUBLE',
  DATE: 'DATE',
  NULL: 'NULL',
  VARIANT: 'VARIANT',
  BITMAP: 'BITMAP',
  DESCRIPTOR: 'DESCRIPTOR',
};

/**
 * The type that a text such as 'DECIMAL(10, 2) NOT NULL' or 'struct<a:int>' stands for, the reverse of `printType`;
 * UNKNOWN when it is none of Flink's or Hive's.
 */
export function parseType(text: string | undefined): LogicalType {
  if (!text) return UNKNOWN;
  const reader = new Reader(text);
  const type = reader.type();
  return reader.atEnd() ? type : UNKNOWN;
}

const NOT_NULL = /\s*NOT\s+NULL\b/iy;
const NULLABLE = /\s*NULL\b/iy;
const LOCAL_ZONE = /\s*WITH\s+LOCAL\s+TIME\s+ZONE\b/iy;
const ZONE = /\s*WITH\s+TIME\s+ZONE\b/iy;
const NO_ZONE = /\s*WITHOUT\s+TIME\s+ZONE\b/iy;
const NUMBERS = /\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/y;
const WORD = /\s*(\w+)/y;
/** Unquoted, the names of fields may hold what no other word does: EXPR$0 */
const NAME = /\s*(?:`((?:[^`]|``)*)`|([^\s<>,:`]+))/y;
const QUOTED = /\s*'((?:[^']|'')*)'/y;
const INTERVAL = /\s*([A-Z]+)(?:\s*\(\s*\d+\s*(?:,\s*\d+\s*)?\))?(?:\s+TO\s+([A-Z]+)(?:\s*\(\s*\d+\s*\))?)?/iy;
const BLANKS = /\s*/y;

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    this.match(BLANKS);
    return this.at >= this.text.length;
  }

  type(): LogicalType {
    const type = this.base();
    if (this.match(NOT_NULL)) return { ...type, nullable: false };
    this.match(NULLABLE);
    return type;
  }

  private base(): LogicalType {
    const nullable = true;
    const name = this.match(WORD)?.[1]?.toUpperCase() ?? '';
    const root = PLAIN[name];
    if (root) return { root, nullable };
    switch (name) {
      case 'STRING':
        return { root: 'VARCHAR', nullable, precision: MAX_LENGTH };
      case 'BYTES':
        return { root: 'VARBINARY', nullable, precision: MAX_LENGTH };
      case 'BINARY': {
        // Hive's BINARY has no length, and Flink prints none without
        const [length] = this.numbers();
        return length === undefined
          ? { root: 'VARBINARY', nullable, precision: MAX_LENGTH }
          : { root: 'BINARY', nullable, precision: length };
      }
      case 'CHAR':
      case 'VARCHAR':
      case 'VARBINARY':
        return { root: name, nullable, precision: this.numbers()[0] ?? 1 };
      case 'DECIMAL': {
        const [precision, scale] = this.numbers();
        return { root: 'DECIMAL', nullable, precision: precision ?? 10, scale: scale ?? 0 };
      }
      case 'TIME':
        return { root: 'TIME', nullable, precision: this.numbers()[0] ?? 0 };
      case 'TIMESTAMP':
      case 'TIMESTAMP_LTZ': {
        const precision = this.numbers()[0] ?? 6;
        if (name === 'TIMESTAMP_LTZ' || this.match(LOCAL_ZONE)) return { root: 'TIMESTAMP_LTZ', nullable, precision };
        if (this.match(ZONE)) return { root: 'TIMESTAMP_TZ', nullable, precision };
        this.match(NO_ZONE);
        return { root: 'TIMESTAMP', nullable, precision };
      }
      case 'INTERVAL': {
        const [, from, to] = this.match(INTERVAL) ?? [];
        if (from === undefined) return UNKNOWN;
        const units = (to === undefined ? from : `${from} TO ${to}`).toUpperCase();
        return {
          root: /^(YEAR|QUARTER|MONTH)/.test(units) ? 'INTERVAL_MONTH' : 'INTERVAL_DAY',
          nullable,
          detail: units,
        };
      }
      case 'ARRAY':
      case 'MULTISET': {
        const [element] = this.list();
        return { root: name, nullable, element: element?.type ?? UNKNOWN };
      }
      case 'MAP': {
        const [key, value] = this.list();
        return { root: 'MAP', nullable, key: key?.type ?? UNKNOWN, element: value?.type ?? UNKNOWN };
      }
      case 'ROW':
      case 'STRUCT':
        return { root: 'ROW', nullable, fields: this.list(true) };
      case 'STRUCTURED': {
        if (!this.mark('<')) return UNKNOWN;
        const detail = this.match(QUOTED)?.[1]?.replaceAll("''", "'") ?? '';
        this.mark(',');
        return { root: 'STRUCTURED', nullable, detail, fields: this.items(true) };
      }
    }
    return UNKNOWN;
  }

  /** `<type, type>` or, with names, `<name type, name: type 'comment'>` */
  private list(named = false): RowField[] {
    return this.mark('<') ? this.items(named) : [];
  }

  private items(named: boolean): RowField[] {
    const items: RowField[] = [];
    while (!this.mark('>')) {
      if (this.atEnd()) break;
      const before = this.at;
      const name = named ? this.name() : '';
      if (named) this.mark(':');
      items.push({ name, type: this.type() });
      if (named) this.match(QUOTED);
      this.mark(',');
      if (this.at === before) break;
    }
    return items;
  }

  private name(): string {
    const [, quoted, plain] = this.match(NAME) ?? [];
    return quoted === undefined ? (plain ?? '') : quoted.replaceAll('``', '`');
  }

  private numbers(): number[] {
    const match = this.match(NUMBERS);
    return match ? match.slice(1).flatMap((digits) => (digits === undefined ? [] : [Number(digits)])) : [];
  }

  private mark(wanted: string): boolean {
    this.match(BLANKS);
    if (this.text[this.at] !== wanted) return false;
    this.at++;
    return true;
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text) ?? undefined;
    if (found) this.at = pattern.lastIndex;
    return found;
  }
}

/** Reads types as metadata stores write them: Flink's own form, and Hive's where it differs. */
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
};

/** The type that a text stands for; UNKNOWN when it is none of Flink's or Hive's. */
export function typeFromText(text: string | undefined): LogicalType {
  if (!text) return UNKNOWN;
  const reader = new Reader(text);
  const type = reader.type();
  return reader.atEnd() ? type : UNKNOWN;
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    this.blanks();
    return this.at >= this.text.length;
  }

  type(): LogicalType {
    const type = this.base();
    if (this.words('NOT', 'NULL')) return { ...type, nullable: false };
    this.words('NULL');
    return type;
  }

  private base(): LogicalType {
    const name = this.word().toUpperCase();
    const root = PLAIN[name];
    if (root) return { root, nullable: true };
    switch (name) {
      case 'STRING':
        return { root: 'VARCHAR', nullable: true, precision: MAX_LENGTH };
      case 'BYTES':
        return { root: 'VARBINARY', nullable: true, precision: MAX_LENGTH };
      case 'BINARY': {
        // Hive's BINARY has no length
        const [length] = this.numbers();
        return length === undefined
          ? { root: 'VARBINARY', nullable: true, precision: MAX_LENGTH }
          : { root: 'BINARY', nullable: true, precision: length };
      }
      case 'CHAR':
      case 'VARCHAR':
      case 'VARBINARY':
        return { root: name, nullable: true, precision: this.numbers()[0] ?? 1 };
      case 'DECIMAL': {
        const [precision, scale] = this.numbers();
        return { root: 'DECIMAL', nullable: true, precision: precision ?? 10, scale: scale ?? 0 };
      }
      case 'TIME':
        return { root: 'TIME', nullable: true, precision: this.numbers()[0] ?? 0 };
      case 'TIMESTAMP': {
        const precision = this.numbers()[0] ?? 6;
        if (this.words('WITH', 'LOCAL', 'TIME', 'ZONE')) return { root: 'TIMESTAMP_LTZ', nullable: true, precision };
        if (this.words('WITH', 'TIME', 'ZONE')) return { root: 'TIMESTAMP_TZ', nullable: true, precision };
        this.words('WITHOUT', 'TIME', 'ZONE');
        return { root: 'TIMESTAMP', nullable: true, precision };
      }
      case 'TIMESTAMP_LTZ':
        return { root: 'TIMESTAMP_LTZ', nullable: true, precision: this.numbers()[0] ?? 6 };
      case 'ARRAY':
      case 'MULTISET': {
        const [element] = this.list();
        return { root: name, nullable: true, element: element?.type ?? UNKNOWN };
      }
      case 'MAP': {
        const [key, value] = this.list();
        return { root: 'MAP', nullable: true, key: key?.type ?? UNKNOWN, element: value?.type ?? UNKNOWN };
      }
      case 'ROW':
      case 'STRUCT':
        return { root: 'ROW', nullable: true, fields: this.list(true) };
    }
    return UNKNOWN;
  }

  /** `<type, type>` or, with names, `<name type, name: type>` */
  private list(named = false): RowField[] {
    const items: RowField[] = [];
    if (!this.mark('<')) return items;
    while (!this.mark('>')) {
      if (this.atEnd()) break;
      const before = this.at;
      const name = named ? this.name() : '';
      if (named) this.mark(':');
      items.push({ name, type: this.type() });
      this.mark(',');
      if (this.at === before) break;
    }
    return items;
  }

  private numbers(): number[] {
    this.blanks();
    const match = /^\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(this.text.slice(this.at));
    if (!match) return [];
    this.at += match[0].length;
    return match.slice(1).flatMap((n) => (n === undefined ? [] : [Number(n)]));
  }

  private name(): string {
    this.blanks();
    const quoted = /^`((?:[^`]|``)*)`/.exec(this.text.slice(this.at));
    if (!quoted) return this.word();
    this.at += quoted[0].length;
    return quoted[1]!.replaceAll('``', '`');
  }

  private word(): string {
    this.blanks();
    const match = /^[A-Za-z_0-9]+/.exec(this.text.slice(this.at));
    if (!match) return '';
    this.at += match[0].length;
    return match[0];
  }

  private words(...wanted: readonly string[]): boolean {
    this.blanks();
    const match = new RegExp(`^${wanted.join('\\s+')}\\b`, 'i').exec(this.text.slice(this.at));
    if (!match) return false;
    this.at += match[0].length;
    return true;
  }

  private mark(wanted: string): boolean {
    this.blanks();
    if (this.text[this.at] !== wanted) return false;
    this.at++;
    return true;
  }

  private blanks(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }
}

/** Reads types in the form that Flink prints them, the reverse of `printType`. */
import { type LogicalType, MAX_LENGTH, type RowField, type TypeRoot, UNKNOWN } from '../semantics/types';

const simple: ReadonlySet<string> = new Set([
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INT',
  'BIGINT',
  'FLOAT',
  'DOUBLE',
  'DATE',
  'NULL',
  'VARIANT',
  'BITMAP',
  'DESCRIPTOR',
]);
const sized: ReadonlySet<string> = new Set(['CHAR', 'VARCHAR', 'BINARY', 'VARBINARY', 'TIME']);

/** The logical type of a text such as 'DECIMAL(10, 2) NOT NULL'; UNKNOWN for text that is none. */
export function parseType(text: string): LogicalType {
  const reader = new Reader(text);
  const type = reader.type();
  return reader.atEnd() ? type : UNKNOWN;
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    return this.match(/\s*/y) !== undefined && this.at === this.text.length;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found?.[0];
  }

  private take(text: string): boolean {
    this.match(/\s*/y);
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private word(): string {
    this.match(/\s*/y);
    return this.match(/[A-Z_]+/y) ?? '';
  }

  private numbers(): number[] {
    const numbers: number[] = [];
    if (!this.take('(')) return numbers;
    do numbers.push(Number(this.match(/\s*\d+/y)));
    while (this.take(','));
    this.take(')');
    return numbers;
  }

  type(): LogicalType {
    const type = this.bare();
    return this.take('NOT NULL') ? { ...type, nullable: false } : type;
  }

  private bare(): LogicalType {
    const name = this.word();
    const nullable = true;
    if (simple.has(name)) return { root: name as TypeRoot, nullable };
    if (sized.has(name)) return { root: name as TypeRoot, nullable, precision: this.numbers()[0] ?? 1 };
    switch (name) {
      case 'STRING':
        return { root: 'VARCHAR', nullable, precision: MAX_LENGTH };
      case 'BYTES':
        return { root: 'VARBINARY', nullable, precision: MAX_LENGTH };
      case 'DECIMAL': {
        const [precision, scale] = this.numbers();
        return { root: 'DECIMAL', nullable, precision: precision ?? 10, scale: scale ?? 0 };
      }
      case 'TIMESTAMP':
      case 'TIMESTAMP_LTZ': {
        const precision = this.numbers()[0] ?? 6;
        if (name === 'TIMESTAMP_LTZ' || this.take('WITH LOCAL TIME ZONE')) {
          return { root: 'TIMESTAMP_LTZ', nullable, precision };
        }
        return { root: this.take('WITH TIME ZONE') ? 'TIMESTAMP_TZ' : 'TIMESTAMP', nullable, precision };
      }
      case 'INTERVAL':
        return this.interval();
      case 'ARRAY':
      case 'MULTISET':
        return { root: name, nullable, element: this.within(() => this.type()) };
      case 'MAP':
        return this.within(() => {
          const key = this.type();
          this.take(',');
          return { root: 'MAP', nullable, key, element: this.type() };
        });
      case 'ROW':
        return this.within(() => ({ root: 'ROW', nullable, fields: this.fields() }));
      case 'STRUCTURED':
        return this.within(() => {
          this.take("'");
          const detail = this.match(/[^']*/y) ?? '';
          this.take("'");
          this.take(',');
          return { root: 'STRUCTURED', nullable, detail, fields: this.fields() };
        });
      default:
        return UNKNOWN;
    }
  }

  private interval(): LogicalType {
    const parts: string[] = [];
    for (let word = this.word(); word; word = this.word()) {
      parts.push(word);
      this.numbers();
      if (word !== 'TO' && !/^\s*TO\b/.test(this.text.slice(this.at))) break;
    }
    const root = /^(YEAR|MONTH|QUARTER)/.test(parts[0] ?? '') ? 'INTERVAL_MONTH' : 'INTERVAL_DAY';
    return { root, nullable: true, detail: parts.join(' ') };
  }

  private within<T>(inner: () => T): T {
    this.take('<');
    const result = inner();
    this.take('>');
    return result;
  }

  private fields(): RowField[] {
    const fields: RowField[] = [];
    while (this.at < this.text.length) {
      this.match(/\s*/y);
      const quoted = this.match(/`(?:[^`]|``)*`/y);
      const name = quoted === undefined ? this.match(/[^\s<>,]+/y) : quoted.slice(1, -1).replaceAll('``', '`');
      if (name === undefined) break;
      fields.push({ name, type: this.type() });
      if (!this.take(',')) break;
    }
    return fields;
  }
}

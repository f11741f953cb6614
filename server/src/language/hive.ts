import { FIRST_KEYWORD, T } from '../knowledge/keywords';
import { isReserved, keywordText } from './lexer';
import type { Cursor } from './parser/cursor';

/**
 * Hive's dialect, read by giving its tokens the order and the words that Flink's grammar has for the same: what goes where is
 * what lineage needs. Each token keeps its place in the text. Nothing is checked, Hive does that; what has no counterpart
 * (TRANSFORM, INSERT OVERWRITE DIRECTORY, …) stays as it is and does not parse.
 *
 * Source of the syntax: Flink's documentation of the Hive dialect, and the Hive language manual.
 */

interface Token {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
  /** What it says, where that is not what is written */
  readonly value?: string;
}

/** Words that Hive's grammar itself needs, and types: these stay what they are. Other words that only Flink reserves are names. */
const SYNTAX = new Set(
  `ALL ALTER AND ARRAY AS BETWEEN BIGINT BINARY BOOLEAN BOTH BY BYTES CASE CAST CHAR COLUMN CREATE CROSS CUBE CURRENT
  CURRENT_DATE CURRENT_TIMESTAMP DATABASE DATE DECIMAL DELETE DESCRIBE DISTINCT DOUBLE DROP ELSE END ESCAPE EXCEPT EXISTS
  EXPLAIN EXTRACT FALSE FETCH FLOAT FOLLOWING FOR FROM FULL FUNCTION GROUP GROUPING HAVING IF IN INNER INSERT INT INTEGER
  INTERSECT INTERVAL INTO IS JOIN LATERAL LEFT LIKE LIMIT MAP MERGE MINUS NATURAL NOT NULL NUMERIC OF OFFSET ON OR ORDER OUTER
  OVER OVERWRITE PARTITION PRECEDING PRECISION PRIMARY RANGE RESET RIGHT ROLLUP ROW ROWS SELECT SET SHOW SMALLINT STRING
  TABLE TABLESAMPLE THEN TIME TIMESTAMP TINYINT TO TRUE TRUNCATE UNBOUNDED UNION UNIQUE UNKNOWN UPDATE USE USING VALUES VARCHAR
  WHEN WHERE WINDOW WITH`.split(/\s+/),
);

/** What ends the clauses behind FROM that are moved or left out. */
const ENDS = new Set([
  'LIMIT',
  'UNION',
  'INTERSECT',
  'EXCEPT',
  'MINUS',
  'INSERT',
  'SORT',
  'ORDER',
  'DISTRIBUTE',
  'CLUSTER',
]);
/** What ends the list behind SELECT. */
const AFTER_SELECT = new Set(['WHERE', 'GROUP', 'HAVING', 'WINDOW', ...ENDS]);
/** What ends an item of FROM. */
const AFTER_VIEW = new Set([
  'JOIN',
  'LEFT',
  'RIGHT',
  'FULL',
  'INNER',
  'CROSS',
  'LATERAL',
  'SELECT',
  'ON',
  ...AFTER_SELECT,
]);
/** States of constraints that Hive has and Flink has no word for. */
const STATES = new Set(['DISABLE', 'ENABLE', 'NOVALIDATE', 'VALIDATE', 'RELY', 'NORELY', 'ENFORCED']);

const literal = /--[^\n]*|\/\*[\s\S]*?\*\/|`[^`]*`|'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S])*"/g;

/**
 * A statement in Hive's dialect as Flink's lexer takes it, each character at its place: strings in single quotes, and none of
 * those inside of them. What they say is given back by `readAsHive`.
 */
export function plainStrings(text: string): string {
  return text.replace(literal, (all) =>
    all[0] === "'" || all[0] === '"' ? `'${all.slice(1, -1).replaceAll("'", '’')}'` : all,
  );
}

/** Changes the tokens of a statement in Hive's dialect, `text`, of which the cursor has the form with plain strings, to those of Flink. */
export function readAsHive(c: Cursor, text: string): void {
  const tokens = new Hive(c, text).read();
  const values = new Map<number, string>();
  tokens.forEach(({ value }, index) => {
    if (value !== undefined) values.set(index, value);
  });
  c.replaceTokens(tokens, values);
}

class Hive {
  private tokens: Token[];

  constructor(
    private readonly c: Cursor,
    private readonly text: string,
  ) {
    this.tokens = this.words();
  }

  read(): Token[] {
    const first = this.word(0);
    if (first === 'CREATE') this.tokens = this.create();
    if (first === 'ALTER') this.tokens = this.alter();
    this.tokens = this.query(this.tokens);
    if (first !== 'CREATE') this.tokens = this.inserts();
    return this.tokens;
  }

  // -------------------------------------------------------------------------------------------------------- tokens

  private word(index: number, tokens: readonly Token[] = this.tokens): string {
    const token = tokens[index];
    if (!token) return '';
    if (token.kind >= FIRST_KEYWORD) return keywordText(token.kind);
    if (token.kind !== T.identifier) return '';
    return (token.value ?? this.c.text.slice(token.start, token.end)).toUpperCase();
  }

  private is(tokens: readonly Token[], index: number, ...words: string[]): boolean {
    return words.every((each, i) => this.word(index + i, tokens) === each);
  }

  /** A token that is not written, at the place of one that is. */
  private made(kind: number, beside: Token | undefined, value?: string): Token {
    const at = beside?.start ?? this.c.text.length;
    return { kind, start: at, end: at, ...(value === undefined ? {} : { value }) };
  }

  /** Index behind the parenthesis that closes the one at `open`, or the number of tokens. */
  private behind(tokens: readonly Token[], open: number): number {
    let level = 0;
    for (let i = open; i < tokens.length; i++) {
      if (tokens[i]!.kind === T.lparen) level++;
      else if (tokens[i]!.kind === T.rparen && --level === 0) return i + 1;
    }
    return tokens.length;
  }

  /** Index of the first of these words on the level of `from`, or where that level ends. */
  private find(tokens: readonly Token[], from: number, words: ReadonlySet<string>): number {
    for (let i = from; i < tokens.length; i++) {
      if (tokens[i]!.kind === T.rparen) return i;
      if (words.has(this.word(i, tokens))) return i;
      if (tokens[i]!.kind === T.lparen) i = this.behind(tokens, i) - 1;
    }
    return tokens.length;
  }

  /** The parts between commas on the level of `from`. */
  private parts(tokens: readonly Token[], from: number, to: number): Token[][] {
    const parts: Token[][] = [[]];
    let level = 0;
    for (let i = from; i < to; i++) {
      const { kind } = tokens[i]!;
      if (kind === T.lparen || kind === T.lt) level++;
      else if (kind === T.rparen || kind === T.gt) level--;
      if (kind === T.comma && level === 0) parts.push([]);
      else parts.at(-1)!.push(tokens[i]!);
    }
    return parts.filter((part) => part.length > 0);
  }

  private join(parts: readonly Token[][]): Token[] {
    return parts.flatMap((part, i) => (i === 0 ? part : [this.made(T.comma, part[0]), ...part]));
  }

  /** Word by word: names in lower case, strings in double quotes, operators, words that are names here. */
  private words(): Token[] {
    const { kinds, starts, ends, version } = this.c;
    const { count } = this.c.tokens;
    const reserved = isReserved[version]!;
    const isQuery = ['CREATE', 'INSERT', 'FROM', 'SELECT', 'WITH'].includes(keywordText(kinds[0]!));
    const found: Token[] = [];
    for (let i = 0; i < count; i++) {
      const token = { kind: kinds[i]!, start: starts[i]!, end: ends[i]! };
      const written = this.c.textOf(i);
      const before = found.at(-1);
      if (this.c.values?.has(i)) found.push({ ...token, value: written });
      else if (token.kind === T.string) {
        const said = this.text.slice(token.start + 1, token.end - 1).replace(/\\([\s\S])/g, '$1');
        const value = `'${said.replaceAll("''", "'").replaceAll("'", "''")}'`;
        found.push(value === written ? token : { ...token, value });
      } else if (token.kind === T.eq && before?.kind === T.eq && before.end === token.start) {
        // ==
      } else if (token.kind === T.gt && before?.kind === T.le && before.end === token.start) {
        // <=>
        found[found.length - 1] = { ...before, kind: T.eq, end: token.end };
      } else if (/^(RLIKE|REGEXP)$/i.test(written)) found.push({ ...token, kind: T.LIKE });
      else if (token.kind === T.identifier && /^STRUCT$/i.test(written) && kinds[i + 1] === T.lt)
        found.push({ ...token, kind: T.ROW });
      else if (token.kind === T.identifier || token.kind === T.quotedIdentifier)
        found.push({ ...token, value: written.toLowerCase() });
      else if (isQuery && token.kind >= FIRST_KEYWORD && reserved[token.kind] && kinds[i + 1] !== T.lparen) {
        const isUnit =
          [T.string, T.integer, T.TO].includes(before?.kind ?? T.EOF) || this.is(found, found.length - 2, 'EXTRACT');
        if (SYNTAX.has(keywordText(token.kind)) || isUnit) found.push(token);
        else found.push({ ...token, kind: T.identifier, value: written.toLowerCase() });
      } else if (token.kind >= FIRST_KEYWORD && !reserved[token.kind])
        found.push({ ...token, value: written.toLowerCase() });
      else found.push(token);
    }
    return found;
  }

  // ------------------------------------------------------------------------------------------------------- CREATE

  private create(): Token[] {
    const { tokens } = this;
    let at = 1;
    const head = [tokens[0]!];
    while (['TEMPORARY', 'EXTERNAL', 'TRANSACTIONAL', 'MANAGED'].includes(this.word(at))) {
      if (this.word(at) === 'TEMPORARY') head.push(tokens[at]!);
      at++;
    }
    const isView = this.word(at) === 'VIEW';
    if (!isView && this.word(at) !== 'TABLE') return tokens;
    // up to the columns or the first clause, the name is there
    const open = this.find(
      tokens,
      at,
      new Set(['COMMENT', 'PARTITIONED', 'ROW', 'STORED', 'LOCATION', 'TBLPROPERTIES', 'AS', 'LIKE']),
    );
    let name = at;
    while (name < open && tokens[name]!.kind !== T.lparen) name++;
    head.push(...tokens.slice(at, name));
    at = name;
    let columns: Token[][] = [];
    if (tokens[at]?.kind === T.lparen) {
      const end = this.behind(tokens, at);
      const parts = this.parts(tokens, at + 1, end - 1);
      columns = isView ? parts.map((part) => part.slice(0, 1)) : parts.flatMap((part) => this.column(part));
      at = end;
    }
    const clauses: Token[] = [];
    let options: Token[] = [];
    let query: Token[] = [];
    let keys: Token[] = [];
    while (at < tokens.length) {
      const token = tokens[at]!;
      const next = tokens[at + 1];
      if (this.is(tokens, at, 'COMMENT') && next?.kind === T.string) {
        clauses.push({ ...token, kind: T.COMMENT }, next);
        at += 2;
      } else if (this.is(tokens, at, 'PARTITIONED', 'BY') && tokens[at + 2]?.kind === T.lparen) {
        const end = this.behind(tokens, at + 2);
        const parts = this.parts(tokens, at + 3, end - 1);
        columns.push(...parts.filter((part) => part.length > 1).map((part) => this.types(part)));
        const names = this.join(parts.map((part) => part.slice(0, 1)));
        keys = [{ ...token, kind: T.PARTITIONED }, next!, tokens[at + 2]!, ...names, tokens[end - 1]!];
        at = end;
      } else if (this.is(tokens, at, 'TBLPROPERTIES') && next?.kind === T.lparen) {
        const end = this.behind(tokens, at + 1);
        options = [{ ...token, kind: T.WITH }, ...tokens.slice(at + 1, end)];
        at = end;
      } else if (this.is(tokens, at, 'STORED', 'AS')) at += 3;
      else if (this.is(tokens, at, 'LIKE') || this.is(tokens, at, 'AS')) {
        query = tokens.slice(at);
        break;
      } else if (token.kind === T.lparen) at = this.behind(tokens, at);
      else at++;
    }
    const listed =
      columns.length > 0
        ? [this.made(T.lparen, columns[0]![0]), ...this.join(columns), this.made(T.rparen, tokens[at - 1])]
        : [];
    return [...head, ...listed, ...clauses, ...keys, ...(isView ? [] : options), ...query];
  }

  /** A column or constraint of CREATE TABLE; nothing for a constraint that Flink does not have. */
  private column(part: Token[]): Token[][] {
    const at = this.word(0, part) === 'CONSTRAINT' ? 2 : 0;
    if (['FOREIGN', 'UNIQUE', 'CHECK'].includes(this.word(at, part))) return [];
    if (this.is(part, at, 'PRIMARY', 'KEY')) {
      const kept = part.slice(0, this.behind(part, at));
      if (at > 0) kept[0] = { ...kept[0]!, kind: T.CONSTRAINT };
      const last = kept.at(-1);
      return [[...kept, this.made(T.NOT, last), this.made(T.ENFORCED, last)]];
    }
    const typed = this.types(part);
    return [
      typed.filter(
        (_, i) =>
          i === 0 ||
          !(STATES.has(this.word(i, typed)) || (this.word(i, typed) === 'NOT' && this.word(i + 1, typed) !== 'NULL')),
      ),
    ];
  }

  /** A column with its type and comment: STRUCT<a: INT> as ROW<a INT>. */
  private types(part: readonly Token[]): Token[] {
    return part
      .map((token, i) => (i > 1 && this.is(part, i, 'COMMENT') ? { ...token, kind: T.COMMENT } : token))
      .filter(({ kind }) => kind !== T.colon);
  }

  /** ALTER TABLE … ADD COLUMNS (…) */
  private alter(): Token[] {
    const at = this.find(this.tokens, 0, new Set(['COLUMNS']));
    if (this.word(at - 1) !== 'ADD' || this.tokens[at + 1]?.kind !== T.lparen) return this.tokens;
    const end = this.behind(this.tokens, at + 1);
    const columns = this.parts(this.tokens, at + 2, end - 1).map((part) => this.types(part));
    return [...this.tokens.slice(0, at), this.tokens[at + 1]!, ...this.join(columns), this.tokens[end - 1]!];
  }

  // ------------------------------------------------------------------------------------------------------- queries

  /** LATERAL VIEW, LEFT SEMI JOIN, SORT BY and the like, wherever they stand. */
  private query(tokens: readonly Token[]): Token[] {
    const out: Token[] = [];
    /** Whether the parenthesis that is open is that of a window */
    const windows: boolean[] = [];
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!;
      if (token.kind === T.lparen) windows.push(this.word(i - 1, tokens) === 'OVER');
      else if (token.kind === T.rparen) windows.pop();
      if (this.is(tokens, i, 'LATERAL', 'VIEW')) {
        const end = this.find(tokens, i + 2, AFTER_VIEW);
        out.push(...this.lateralView(tokens.slice(i, end)));
        i = end - 1;
      } else if (this.is(tokens, i, 'LEFT', 'SEMI', 'JOIN')) i += 1;
      else if (this.is(tokens, i, 'DISTRIBUTE', 'BY') && windows.at(-1)) out.push({ ...token, kind: T.PARTITION });
      else if (this.is(tokens, i, 'SORT', 'BY') && windows.at(-1)) out.push({ ...token, kind: T.ORDER });
      else if (['SORT', 'DISTRIBUTE', 'CLUSTER'].includes(this.word(i, tokens)) && this.word(i + 1, tokens) === 'BY')
        i = this.find(tokens, i + 2, ENDS) - 1;
      else if (
        this.is(tokens, i, 'GROUPING', 'SETS') &&
        tokens[i - 1]?.kind !== T.comma &&
        this.word(i - 1, tokens) !== 'BY'
      )
        i = this.behind(tokens, i + 2) - 1;
      else if (this.is(tokens, i, 'WITH', 'ROLLUP') || this.is(tokens, i, 'WITH', 'CUBE')) i += 1;
      else if (this.is(tokens, i, 'TABLESAMPLE') && tokens[i + 1]?.kind === T.lparen)
        i = this.behind(tokens, i + 1) - 1;
      else out.push(token);
    }
    return out;
  }

  /** LATERAL VIEW [OUTER] f(…) t [AS c, …] */
  private lateralView(view: readonly Token[]): Token[] {
    const isOuter = this.word(2, view) === 'OUTER';
    const at = isOuter ? 3 : 2;
    const name = this.word(at, view);
    const end = this.behind(view, at + 1);
    const call = view.slice(at, end);
    const [first] = view;
    const alias = view[end];
    if (call.length < 3 || !alias) return [...view];
    const isArray = ['EXPLODE', 'POSEXPLODE'].includes(name);
    const from = this.word(end + 1, view) === 'AS' ? end + 2 : end + 1;
    const columns = this.parts(view, from, view.length);
    if (columns.length === 0 && name === 'EXPLODE') columns.push([this.made(T.identifier, alias, 'col')]);
    // the position comes first in Hive, last in Flink
    if (name === 'POSEXPLODE') columns.push(...columns.splice(0, 1));
    const table = isArray
      ? [
          { ...call[0]!, kind: T.UNNEST },
          ...call.slice(1),
          ...(name === 'POSEXPLODE' ? [this.made(T.WITH, alias), this.made(T.ORDINALITY, alias)] : []),
        ]
      : [
          this.made(T.LATERAL, first),
          this.made(T.TABLE, first),
          this.made(T.lparen, first),
          ...call,
          this.made(T.rparen, alias),
        ];
    return [
      { ...first!, kind: isOuter ? T.LEFT : T.CROSS },
      { ...view[1]!, kind: T.JOIN },
      ...table,
      this.made(T.AS, alias),
      alias,
      ...(columns.length > 0
        ? [this.made(T.lparen, columns[0]![0]), ...this.join(columns), this.made(T.rparen, columns.at(-1)!.at(-1))]
        : []),
      ...(isOuter ? [this.made(T.ON, alias), this.made(T.TRUE, alias)] : []),
    ];
  }

  // ------------------------------------------------------------------------------------------------------- INSERT

  /** [WITH …] FROM … INSERT … INSERT …, and each INSERT as Flink has it. */
  private inserts(): Token[] {
    const { tokens } = this;
    const begins: number[] = [];
    for (let i = this.find(tokens, 0, new Set(['INSERT'])); i < tokens.length; ) {
      begins.push(i);
      i = this.find(tokens, i + 1, new Set(['INSERT']));
    }
    if (begins.length === 0) return tokens;
    const lead = tokens.slice(0, begins[0]);
    // EXPLAIN, say
    if (lead.length > 0 && !['FROM', 'WITH'].includes(this.word(0)))
      return [...lead, ...this.insert(tokens.slice(lead.length), [], [])];
    const from = this.find(lead, 0, new Set(['FROM']));
    const sources = lead.slice(from);
    const made = begins.map((begin, i) =>
      this.insert(tokens.slice(begin, begins[i + 1]), lead.slice(0, from), sources),
    );
    if (made.length === 1) return made[0]!;
    const [first] = tokens;
    const last = tokens.at(-1);
    return [
      ...[T.EXECUTE, T.STATEMENT, T.SET, T.BEGIN].map((kind) => this.made(kind, first)),
      ...made.flatMap((insert) => [...insert, this.made(T.semicolon, insert.at(-1))]),
      { ...this.made(T.END, last), start: last!.end, end: last!.end },
    ];
  }

  private insert(tokens: readonly Token[], ctes: readonly Token[], sources: readonly Token[]): Token[] {
    const out = tokens.slice(0, 2);
    let at = this.word(2, tokens) === 'TABLE' ? 3 : 2;
    const begin = new Set(['PARTITION', 'IF', 'SELECT', 'VALUES', 'WITH', 'FROM']);
    for (; at < tokens.length && tokens[at]!.kind !== T.lparen && !begin.has(this.word(at, tokens)); at++)
      out.push(tokens[at]!);
    if (this.word(at, tokens) === 'PARTITION') {
      const end = this.behind(tokens, at + 1);
      const fixed = this.parts(tokens, at + 2, end - 1).filter((part) => part.length > 1);
      // where the query gives the value of a partition its column is one like others
      if (fixed.length > 0) out.push(tokens[at]!, tokens[at + 1]!, ...this.join(fixed), tokens[end - 1]!);
      at = end;
    }
    if (this.is(tokens, at, 'IF', 'NOT', 'EXISTS')) at += 3;
    const rest = tokens.slice(at);
    if (sources.length === 0) return [...out, ...ctes, ...rest];
    const end = this.find(rest, 0, AFTER_SELECT);
    return [...out, ...ctes, ...rest.slice(0, end), ...sources, ...rest.slice(end)];
  }
}

import { FIRST_KEYWORD, T } from '../../knowledge/keywords';
import { isReserved } from '../lexer';
import type { Fix, Problem } from '../problem';
import { type Cursor, describeToken, type FirstError } from './cursor';
import { CLAUSE, EXPR, FUNCTION, IDENT } from './grammar';

/** What a slip is called, told and mended by. */
interface Slip {
  code: string;
  message: string;
  fixes?: Fix[];
}

/** The problem to show for a syntax error: its sentence, and for common slips what to write instead. */
export function explainError(c: Cursor, error: FirstError): Problem {
  const { start, end } = error;
  const slip = findSlip(c, error);
  const problem: Problem = {
    code: slip?.code ?? error.code,
    severity: 'error',
    origin: 'syntax',
    message: slip?.message ?? error.message,
    start,
    end,
  };
  const fixes = slip ? slip.fixes : error.fixes;
  if (fixes && fixes.length > 0) problem.fixes = fixes;
  return problem;
}

const textOf = (c: Cursor, index: number): string => c.text.slice(c.starts[index]!, c.ends[index]!);

function findSlip(c: Cursor, error: FirstError): Slip | undefined {
  if (error.code === 'syntax/not-a-query') return mistypedStart(c, error);
  const { index, expected } = error;
  if (error.code !== 'syntax/unexpected' || index < 0) return undefined;
  return (
    quoteSlip(c, index, expected) ??
    // Flink looks one token ahead behind an operator, so it stops at the operator that a bad quote follows
    quoteSlip(c, index + 1, expected) ??
    operatorSlip(c, index) ??
    commaSlip(c, index) ??
    missingEnd(c, index, expected) ??
    mistypedSecond(c, index, expected) ??
    mistypedWord(c, index, expected) ??
    reservedWord(c, index, expected) ??
    missingComma(c, index, expected)
  );
}

// ------------------------------------------------------------------------------------------------------ quotes

/** A string that is never closed, or one in double quotes. */
function quoteSlip(c: Cursor, index: number, expected: string): Slip | undefined {
  const kind = c.kinds[index];
  if (kind === T.quote)
    return { code: 'syntax/unclosed-string', message: "This string is never closed: a ' is missing at its end." };
  if (kind !== T.doubleQuote) return undefined;
  const start = c.starts[index]!;
  const close = c.text.indexOf('"', start + 1);
  if (close < 0)
    return {
      code: 'syntax/double-quotes',
      message: 'Flink takes single quotes for strings and back-ticks for names, no double quotes.',
    };
  const inner = c.text.slice(start + 1, close);
  const name = /\bname\b/.test(expected) || c.kinds[index - 1] === T.AS || c.kinds[index - 1] === T.dot;
  const text = name ? `\`${inner.replaceAll('`', '``')}\`` : `'${inner.replaceAll("'", "''")}'`;
  const shown = text.length > 40 ? `${text.slice(0, 37)}…` : text;
  const what = name ? 'A name is quoted with back-ticks' : 'A string takes single quotes';
  return {
    code: 'syntax/double-quotes',
    message: `${what}: write ${shown}.`,
    fixes: [{ title: `Write ${shown}`, edits: [{ start, end: close + 1, text }] }],
  };
}

/** '==' */
function operatorSlip(c: Cursor, index: number): Slip | undefined {
  const first = c.kinds[index] === T.eq && c.kinds[index + 1] === T.eq ? index : index - 1;
  if (first < 0 || c.kinds[first] !== T.eq || c.kinds[first + 1] !== T.eq || c.ends[first] !== c.starts[first + 1])
    return undefined;
  return {
    code: 'syntax/double-equals',
    message: "Values are compared with a single '='.",
    fixes: [{ title: "Write '='", edits: [{ start: c.starts[first]!, end: c.ends[first + 1]!, text: '=' }] }],
  };
}

// ------------------------------------------------------------------------------------------------------ commas

/** True for what ends a list: a clause, a closing bracket or the end. */
function endsList(c: Cursor, index: number): boolean {
  const kind = c.kinds[index]!;
  return (
    kind === T.rparen ||
    kind === T.rbracket ||
    kind === T.EOF ||
    kind === T.semicolon ||
    (c.flags[kind]! & (CLAUSE | FUNCTION)) === CLAUSE
  );
}

/** A comma behind the last item of a list. */
function commaSlip(c: Cursor, index: number): Slip | undefined {
  let comma = -1;
  if (c.kinds[index] === T.comma && endsList(c, index + 1)) comma = index;
  else if (index > 0 && c.kinds[index - 1] === T.comma && endsList(c, index)) comma = index - 1;
  if (comma < 0) return undefined;
  return {
    code: 'syntax/trailing-comma',
    message: `There is a comma too many before ${describeToken(c, comma + 1)}.`,
    fixes: [{ title: 'Remove the comma', edits: [{ start: c.starts[comma]!, end: c.ends[comma]!, text: '' }] }],
  };
}

/** Two items of a list with nothing between them. */
function missingComma(c: Cursor, index: number, expected: string): Slip | undefined {
  if (index === 0) return undefined;
  const kind = c.kinds[index]!;
  // 'a' = 'b' 'c' = 'd': the two strings were read as one, so the '=' behind them is what does not fit
  if (kind === T.eq && c.kinds[index - 1] === T.string && c.kinds[index - 2] === T.string)
    return commaAt(c, index - 2, describeToken(c, index - 1));
  const begins = (c.flags[kind]! & (IDENT | EXPR)) !== 0 && (c.flags[kind]! & CLAUSE) === 0;
  const behindOperand = (c.flags[c.kinds[index - 1]!]! & IDENT) !== 0 || isOperandEnd(c.kinds[index - 1]!);
  if (!begins || !behindOperand || !expected.includes("','")) return undefined;
  return commaAt(c, index - 1, describeToken(c, index));
}

function isOperandEnd(kind: number): boolean {
  return kind === T.rparen || kind === T.rbracket || kind === T.string || kind === T.integer || kind >= FIRST_KEYWORD;
}

function commaAt(c: Cursor, index: number, found: string): Slip {
  const at = c.ends[index]!;
  return {
    code: 'syntax/missing-comma',
    message: `Found ${found} where a list could only go on with a comma. Is a comma missing before it?`,
    fixes: [{ title: 'Insert a comma', edits: [{ start: at, end: at, text: ',' }] }],
  };
}

/** CASE or a statement set without its END. */
function missingEnd(c: Cursor, index: number, expected: string): Slip | undefined {
  if (!/\bEND$/.test(expected)) return undefined;
  const what = expected.includes('INSERT') ? 'The statement set' : 'CASE';
  return {
    code: 'syntax/missing-end',
    message: `${what} is not closed: found ${describeToken(c, index)}, expected ${expected}.`,
  };
}

// ------------------------------------------------------------------------------------------------------- words

const structural = new Set<number>([
  T.AS,
  T.END,
  T.THEN,
  T.WHEN,
  T.ELSE,
  T.AND,
  T.OR,
  T.INTO,
  T.BY,
  T.VALUES,
  T.IN,
  T.IS,
  T.LIKE,
  T.BETWEEN,
  T.OVER,
  T.PARTITION,
  T.EOF,
]);

/** A reserved word where a name should stand. */
function reservedWord(c: Cursor, index: number, expected: string): Slip | undefined {
  const kind = c.kinds[index]!;
  if (kind < FIRST_KEYWORD || isReserved[c.version]![kind] === 0) return undefined;
  const name = /\bname\b|a column|a pattern variable/.test(expected);
  if (!name && expected !== 'an expression' && expected !== 'a data type, or AS and an expression') return undefined;
  if (!name && ((c.flags[kind]! & (CLAUSE | FUNCTION)) === CLAUSE || structural.has(kind))) return undefined;
  // FROM where a name should stand says more about what is missing than about FROM, unless it is used like a name
  const next = c.kinds[index + 1]!;
  const used =
    c.kinds[index - 1] === T.AS ||
    next === T.comma ||
    next === T.rparen ||
    next === T.dot ||
    next === T.eq ||
    next === T.AS ||
    (c.flags[next]! & IDENT) !== 0 ||
    (next >= FIRST_KEYWORD && (c.flags[next]! & CLAUSE) === 0 && !structural.has(next));
  if ((c.flags[kind]! & CLAUSE) !== 0 && !used && next !== T.EOF && next < FIRST_KEYWORD) return undefined;
  if ((c.flags[kind]! & CLAUSE) !== 0 && kind !== T.LEFT && kind !== T.RIGHT && !(name && used)) return undefined;
  const text = textOf(c, index);
  const edit = { start: c.starts[index]!, end: c.ends[index]!, text: `\`${text}\`` };
  const call =
    (c.flags[kind]! & FUNCTION) !== 0 && !name ? ', or put its arguments in parentheses to call the function' : '';
  return {
    code: 'syntax/reserved-word',
    message: `'${text}' is a reserved word; write \`${text}\` to use it as a name${call}.`,
    fixes: [{ title: `Write \`${text}\``, edits: [edit] }],
  };
}

const statementWords = [
  'SELECT', 'INSERT', 'UPSERT', 'CREATE', 'ALTER', 'DROP', 'SHOW', 'DESCRIBE', 'EXPLAIN', 'EXECUTE', 'COMPILE', 'WITH',
  'VALUES', 'UPDATE', 'DELETE', 'TRUNCATE', 'ANALYZE', 'BEGIN', 'RESET', 'SET', 'USE', 'LOAD', 'UNLOAD', 'CALL', 'STOP',
  'REPLACE', 'TABLE', 'REMOVE',
]; // biome-ignore format: a list
const clauseWords = [
  'FROM', 'WHERE', 'GROUP', 'HAVING', 'ORDER', 'LIMIT', 'OFFSET', 'JOIN', 'LEFT', 'RIGHT', 'INNER', 'OUTER', 'FULL',
  'CROSS', 'UNION', 'INTERSECT', 'EXCEPT', 'WINDOW', 'PARTITION', 'PARTITIONED', 'DISTRIBUTED', 'COMMENT', 'WITH', 'INTO',
  'VALUES', 'SELECT', 'PRIMARY', 'ENFORCED', 'WATERMARK', 'METADATA', 'VIRTUAL', 'BETWEEN', 'LIKE', 'LATERAL', 'TABLE',
  'TEMPORARY', 'INTERVAL', 'DISTINCT', 'CASE', 'WHEN', 'THEN', 'ELSE', 'OVERWRITE', 'MATCH_RECOGNIZE', 'QUALIFY',
]; // biome-ignore format: a list

const secondWords = [
  'TABLES', 'VIEWS', 'CATALOGS', 'DATABASES', 'FUNCTIONS', 'MODULES', 'COLUMNS', 'PARTITIONS', 'CREATE', 'JARS', 'JOBS',
  'MODELS', 'PROCEDURES', 'CURRENT', 'CONNECTIONS', 'MATERIALIZED', 'TABLE', 'MODULE', 'STATEMENT', 'PLAN', 'JAR', 'JOB',
]; // biome-ignore format: a list

/** SHOW TABELS: Flink reports the first word, since no statement begins with these two. */
function mistypedSecond(c: Cursor, index: number, expected: string): Slip | undefined {
  if (index !== 0 || expected !== 'a statement' || c.kinds[1] !== T.identifier) return undefined;
  const word = closest(textOf(c, 1), secondWords);
  return word ? didYouMean(c, 1, word) : undefined;
}

/** A keyword typed wrong: the word found, or the name just before it, which was then taken for an alias. */
function mistypedWord(c: Cursor, index: number, expected: string): Slip | undefined {
  const wanted = expected.match(/\b[A-Z][A-Z_]+\b/g) ?? [];
  if (c.kinds[index] === T.identifier) {
    const word =
      closest(textOf(c, index), wanted) ?? (index === 0 ? closest(textOf(c, index), statementWords) : undefined);
    if (word) return didYouMean(c, index, word);
  }
  // FROM t WEHRE a = 1: WEHRE became the alias of t, and `a` is what does not fit
  for (let i = index - 1; i >= Math.max(0, index - 2); i--) {
    if (c.kinds[i] !== T.identifier) continue;
    const word = closest(textOf(c, i), clauseWords);
    if (word)
      return {
        ...didYouMean(c, i, word),
        message: `Found ${describeToken(c, index)} behind '${textOf(c, i)}'. Did you mean ${word}?`,
      };
  }
  if (c.kinds[index] !== T.identifier) return undefined;
  const word = closest(textOf(c, index), clauseWords);
  return word ? didYouMean(c, index, word) : undefined;
}

/** The first word of a statement typed wrong. */
function mistypedStart(c: Cursor, error: FirstError): Slip | undefined {
  if (c.starts[0] !== error.start) return undefined;
  const text = textOf(c, 0);
  const word = c.kinds[0] === T.identifier ? closest(text, statementWords) : undefined;
  if (word) return didYouMean(c, 0, word);
  if ((c.flags[c.kinds[0]!]! & IDENT) === 0) return undefined;
  return { code: 'syntax/statement', message: `A statement cannot begin with ${describeToken(c, 0)}.` };
}

function didYouMean(c: Cursor, index: number, word: string): Slip {
  const text = textOf(c, index);
  const written = text === text.toLowerCase() ? word.toLowerCase() : word;
  const fix: Fix = {
    title: `Write ${written}`,
    edits: [{ start: c.starts[index]!, end: c.ends[index]!, text: written }],
  };
  return { code: 'syntax/mistyped', message: `'${text}' is not a keyword. Did you mean ${word}?`, fixes: [fix] };
}

/** The word of a list that differs from `text` by one slip of the finger (two in long words), or undefined. */
function closest(text: string, words: readonly string[]): string | undefined {
  const typed = text.toUpperCase();
  let best: string | undefined;
  let least = typed.length < 4 ? 2 : typed.length < 7 ? 2 : 3;
  for (const word of words) {
    if (Math.abs(word.length - typed.length) >= least || word.length < 3) continue;
    const distance = editDistance(typed, word);
    // swapped letters count once; a short word must not be half another one
    if (distance > 0 && distance < least) {
      least = distance;
      best = word;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  for (let j = 0; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, rows[i - 2]![j - 2]! + 1);
      rows[i]![j] = cost;
    }
  return rows[a.length]![b.length]!;
}

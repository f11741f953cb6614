import type { ParseOptions } from '../../server/src/language/script';
import { brokenRule, type Engine } from './invariants';

const repeat = (piece: string | ((index: number) => string), count: number, between = ''): string =>
  Array.from({ length: count }, (_, index) => (typeof piece === 'string' ? piece : piece(index))).join(between);

/** Very long and very deep texts, by size. Deep ones are as deep as no person writes and every parser fears. */
const shapes: Record<string, { sizes: [number, number]; make: (size: number) => string }> = {
  'nested parentheses': { sizes: [2500, 10_000], make: (n) => `SELECT ${'('.repeat(n)}1${')'.repeat(n)} FROM t` },
  'unclosed parentheses': { sizes: [2500, 10_000], make: (n) => `SELECT ${'('.repeat(n)}1 FROM t` },
  'nested subqueries': { sizes: [1000, 4000], make: (n) => `${'SELECT * FROM ('.repeat(n)}SELECT 1${')'.repeat(n)}` },
  'nested functions': { sizes: [2500, 10_000], make: (n) => `SELECT ${'f('.repeat(n)}1${')'.repeat(n)}` },
  'nested CASE': { sizes: [1000, 4000], make: (n) => `SELECT ${'CASE WHEN a THEN '.repeat(n)}1${' END'.repeat(n)}` },
  'nested row types': {
    sizes: [1000, 4000],
    make: (n) => `CREATE TABLE t (a ${'ROW<b '.repeat(n)}INT${'>'.repeat(n)})`,
  },
  'nested arrays': { sizes: [2500, 10_000], make: (n) => `SELECT ${'ARRAY['.repeat(n)}1${']'.repeat(n)}` },
  'NOT after NOT': { sizes: [2500, 10_000], make: (n) => `SELECT ${'NOT '.repeat(n)}a` },
  'minus after minus': { sizes: [2500, 10_000], make: (n) => `SELECT ${'- '.repeat(n)}1` },
  'string literal': { sizes: [250_000, 1_000_000], make: (n) => `SELECT '${'x'.repeat(n)}'` },
  'string that never ends': { sizes: [250_000, 1_000_000], make: (n) => `SELECT '${'x'.repeat(n)}` },
  'comment that never ends': { sizes: [250_000, 1_000_000], make: (n) => `SELECT 1 /* ${'x '.repeat(n / 2)}` },
  columns: { sizes: [12_500, 50_000], make: (n) => `CREATE TABLE t (${repeat((i) => `c${i} STRING`, n, ', ')})` },
  'select items': {
    sizes: [12_500, 50_000],
    make: (n) => `SELECT ${repeat((i) => `a.c${i} AS d${i}`, n, ', ')} FROM a`,
  },
  'rows of VALUES': {
    sizes: [12_500, 50_000],
    make: (n) => `INSERT INTO t VALUES ${repeat("(1, 'a', 2.5)", n, ', ')}`,
  },
  'chain of AND': { sizes: [12_500, 50_000], make: (n) => `SELECT 1 FROM t WHERE ${repeat('a = 1', n, ' AND ')}` },
  'chain of +': { sizes: [12_500, 50_000], make: (n) => `SELECT ${repeat('a', n, ' + ')}` },
  'chain of UNION': { sizes: [5000, 20_000], make: (n) => repeat('SELECT a FROM t', n, ' UNION ALL ') },
  'chain of JOIN': {
    sizes: [5000, 20_000],
    make: (n) => `SELECT 1 FROM t ${repeat((i) => `JOIN u${i} ON a = b`, n, ' ')}`,
  },
  'dotted name': { sizes: [12_500, 50_000], make: (n) => `SELECT ${repeat('a', n, '.')}` },
  statements: { sizes: [12_500, 50_000], make: (n) => repeat('SELECT a FROM t', n, ';\n') },
  'broken statements': { sizes: [12_500, 50_000], make: (n) => repeat('SELECT FROM WHERE', n, ';\n') },
  semicolons: { sizes: [50_000, 200_000], make: (n) => ';'.repeat(n) },
  'opening brackets only': { sizes: [25_000, 100_000], make: (n) => '([{<'.repeat(n / 4) },
  'words without sense': { sizes: [25_000, 100_000], make: (n) => 'foo '.repeat(n) },
  'SELECT after SELECT': { sizes: [12_500, 50_000], make: (n) => 'SELECT '.repeat(n) },
  'CREATE TABLE after CREATE TABLE': { sizes: [12_500, 50_000], make: (n) => 'CREATE TABLE t ( '.repeat(n) },
  'statement set': {
    sizes: [5000, 20_000],
    make: (n) => `EXECUTE STATEMENT SET BEGIN ${repeat('INSERT INTO t SELECT a FROM u;', n)} END`,
  },
  'quotes after quotes': { sizes: [50_000, 200_000], make: (n) => '\'`"'.repeat(n / 3) },
  blanks: { sizes: [250_000, 1_000_000], make: (n) => ' \n'.repeat(n / 2) },
  'placeholders opened': { sizes: [25_000, 100_000], make: (n) => `SELECT ${'${{{'.repeat(n / 4)}` },
};

/** Milliseconds of processor time that parsing takes; the best of three. */
function cost(engine: Engine, text: string, options: ParseOptions): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++) {
    const before = process.cpuUsage();
    engine.parse(text, options);
    const used = process.cpuUsage(before);
    best = Math.min(best, (used.user + used.system) / 1000);
    if (best > 5000) break;
  }
  return best;
}

/**
 * Parses each shape at a size and at four times the size, with templates off and on. Gives the shapes that fail:
 * throw, break a rule, or cost much more than four times as much.
 */
export function runScale(engine: Engine, options: ParseOptions): string[] {
  const failed: string[] = [];
  for (const [name, { sizes, make }] of Object.entries(shapes)) {
    for (const templates of name.startsWith('placeholders') ? [false, true] : [false]) {
      const own = { ...options, templates };
      try {
        const [small, large] = sizes.map((size) => make(size)) as [string, string];
        const broken = brokenRule(large, engine.parse(large, own));
        const [few, many] = [cost(engine, small, own), cost(engine, large, own)];
        // Small costs are mostly the collector's; linear is four, with room for caches that no longer fit
        const linear = many <= Math.max(8 * few, 80);
        const verdict = broken ?? (linear ? 'ok' : 'grows faster than its length');
        console.log(
          `  ${name.padEnd(32)} ${String(large.length).padStart(9)} characters ${few.toFixed(1).padStart(8)} ms → ${many.toFixed(1).padStart(8)} ms  ${verdict}`,
        );
        if (verdict !== 'ok') failed.push(name);
      } catch (error) {
        console.log(`  ${name.padEnd(32)} throws ${String(error).slice(0, 200)}`);
        failed.push(name);
      }
    }
  }
  return failed;
}

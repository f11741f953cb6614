import { expect, it } from 'vitest';
import { signatureHelp } from '../../server/src/features/signature-help';
import { fixture } from './fixture';

/** Checks the signature at the cursor, with its argument in brackets; '' for none. */
function check(marked: string, expected: string): void {
  const { document, cursor } = fixture(marked);
  const found = signatureHelp(document, cursor, '2.3');
  const signature = found?.signatures[found.active];
  const [start = 0, end = 0] = signature?.arguments[found?.argument ?? 0] ?? [];
  const label = signature?.label ?? '';
  expect(end > start ? `${label.slice(0, start)}[${label.slice(start, end)}]${label.slice(end)}` : label).toBe(
    expected,
  );
}

it('shows the argument that is typed', () => {
  check("SELECT DATE_FORMAT(▮ts, 'yyyy') FROM t;", 'DATE_FORMAT([string or timestamp], string) → STRING');
  check("SELECT DATE_FORMAT(ts, '▮yyyy') FROM t;", 'DATE_FORMAT(string or timestamp, [string]) → STRING');
});
it('shows the form that takes as many arguments as there are', () => {
  check("SELECT BTRIM('a'▮);", 'BTRIM([string]) → STRING');
  check("SELECT BTRIM('a', ▮);", 'BTRIM(string, [string]) → STRING');
});
it('shows the innermost function, while it is typed', () => {
  check('SELECT UPPER(DATE_FORMAT(ts, ▮', 'DATE_FORMAT(string or timestamp, [string]) → STRING');
  check("SELECT UPPER(MD5('a')▮", 'UPPER([string])');
});
it('shows nothing outside of parentheses and for unknown functions', () => {
  check('SELECT UPP▮ER(a) FROM t;', '');
  check('SELECT UPPER(a)▮ FROM t;', '');
  check('SELECT no_such_function(▮a) FROM t;', '');
  check('▮', '');
});

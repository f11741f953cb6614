import { describe, expect, it } from 'vitest';
import { functionHover } from '../../server/src/features/function-hover';
import { fixture } from './fixture';

/** Checks the Markdown of the hover at the cursor, '' for none, and that it belongs to the marked name. */
function check(marked: string, expected: string): void {
  const { document, cursor, ranges } = fixture(marked);
  const found = functionHover(document, cursor, '2.3');
  expect(found?.markdown ?? '').toBe(expected.replace(/^\n/, '').replace(/^ {4}/gm, '').trimEnd());
  if (ranges.length > 0) expect(found && { start: found.start, end: found.end }).toEqual(ranges[0]);
}

describe('a function', () => {
  it('is told with its signature and what it does', () =>
    check(
      `
SELECT DATE_▮FORMAT(CURRENT_TIMESTAMP, 'yyyy');
       ~~~~~~~~~~~`,
      `
    \`\`\`flinksql
    DATE_FORMAT(string or timestamp, string) → STRING
    \`\`\`

    The time written in a pattern such as 'yyyy-MM-dd'.

    Built-in function`,
    ));
  it('is told in lower case, inside another and in a computed column', () => {
    const md5 = `
    \`\`\`flinksql
    MD5(string or bytes) → CHAR(32)
    \`\`\`

    The MD5 hash of the text, in hexadecimal digits.

    Built-in function`;
    check("SELECT UPPER(m▮d5('a'));", md5);
    check("CREATE TABLE t (a STRING, b AS M▮D5(a)) WITH ('connector' = 'datagen');", md5);
  });
  it('with many forms is told by its first ones', () =>
    check(
      "SELECT CONC▮AT('a', 'b');",
      `
    \`\`\`flinksql
    CONCAT(string) → STRING
    CONCAT(string, string, …) → STRING
    \`\`\`

    The texts joined; NULL when one of them is NULL.

    Built-in function`,
    ));
  it('that aggregates, or changes from call to call, says so', () => {
    check(
      'SELECT SU▮M(a) FROM t;',
      `
    \`\`\`flinksql
    SUM(number)
    \`\`\`

    The sum of the values that are not NULL.

    Built-in aggregate function`,
    );
    expect(functionHover(fixture('SELECT UU▮ID();').document, 9, '2.3')?.markdown).toContain('each time it is called');
  });
  it('of the script itself is told with its class', () =>
    check(
      `
CREATE FUNCTION mask AS 'com.shop.Mask';
SELECT ma▮sk('a');`,
      `
    **mask** · function of this script · created in line 1

    \`com.shop.Mask\``,
    ));
  it('is not told elsewhere, nor when it is unknown', () => {
    check("SELECT UPPER('▮a');", '');
    check("SELECT no_such_fun▮ction('a');", '');
    check('▮', '');
  });
});

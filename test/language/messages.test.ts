import { describe, expect, test } from 'vitest';
import { parseStatement } from '../../server/src/language/parser';
import { cases, checkProblems } from './fixture';

describe('common slips are named, with what to write instead', () => {
  test.each(
    cases(`
SELCT * FROM t
~~~~~ syntax/mistyped: 'SELCT' is not a keyword. Did you mean SELECT?
---
CREATE TABEL t (a INT)
       ~~~~~ syntax/mistyped: 'TABEL' is not a keyword. Did you mean TABLE?
---
SHOW TABELS
~~~~ syntax/mistyped: 'TABELS' is not a keyword. Did you mean TABLES?
---
SELECT * FROM t WEHRE a = 1
                      ~ syntax/mistyped: Found 'a' behind 'WEHRE'. Did you mean WHERE?
---
CREATE TABLE t (a INT PRIMARY KEY NOT ENFORCD)
                                      ~~~~~~~ syntax/mistyped: 'ENFORCD' is not a keyword. Did you mean ENFORCED?
---
foo bar
~~~ syntax/statement: A statement cannot begin with 'foo'.
---
SELECT value FROM t
       ~~~~~ syntax/reserved-word: 'value' is a reserved word; write \`value\` to use it as a name.
---
SELECT a AS order FROM t
            ~~~~~ syntax/reserved-word: 'order' is a reserved word; write \`order\` to use it as a name.
---
SELECT t.order FROM t
        ~ syntax/reserved-word: 'order' is a reserved word; write \`order\` to use it as a name.
---
CREATE TABLE t (order INT)
                ~~~~~ syntax/reserved-word: 'order' is a reserved word; write \`order\` to use it as a name.
---
SELECT COUNT FROM t
       ~~~~~ syntax/reserved-word: 'COUNT' is a reserved word; write \`COUNT\` to use it as a name, or put its arguments in parentheses to call the function.
---
SELECT a b c FROM t
           ~ syntax/missing-comma: Found 'c' where a list could only go on with a comma. Is a comma missing before it?
---
CREATE TABLE t (a INT b STRING)
                      ~ syntax/missing-comma: Found 'b' where a list could only go on with a comma. Is a comma missing before it?
---
CREATE TABLE t (a INT) WITH ('a' = 'b' 'c' = 'd')
                                           ~ syntax/missing-comma: Found 'c' where a list could only go on with a comma. Is a comma missing before it?
---
SELECT a, FROM t
          ~~~~ syntax/trailing-comma: There is a comma too many before FROM.
---
SELECT a FROM t GROUP BY a, ORDER BY a
                          ~ syntax/trailing-comma: There is a comma too many before ORDER.
---
CREATE TABLE t (a INT) WITH ('a' = 'b',)
                                       ~ syntax/trailing-comma: There is a comma too many before ')'.
---
CREATE TABLE t (a INT) WITH ('connector' = "kafka")
                                           ~ syntax/double-quotes: A string takes single quotes: write 'kafka'.
---
SELECT a AS "b" FROM t
            ~ syntax/double-quotes: A name is quoted with back-ticks: write \`b\`.
---
SELECT * FROM t WHERE a == 1
                        ~ syntax/double-equals: Values are compared with a single '='.
---
SELECT * FROM t WHERE a != 1
                        ~~ syntax/not-equal: Flink does not take '!='; write '<>'.
---
SELECT CASE WHEN a THEN b FROM t
                          ~~~~ syntax/missing-end: CASE is not closed: found FROM, expected WHEN, ELSE or END.
---
EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1;
                                                  ~ syntax/missing-end: The statement set is not closed: found the end of the statement, expected another INSERT, or END.
---
SELECT 'abc FROM t
       ~ syntax/unclosed-string: This string is never closed: a ' is missing at its end.
---
SELECT id FROM orders WHERE currency = "EUR"
                                     ~ syntax/double-quotes: A string takes single quotes: write 'EUR'.
---
SELECT id FROM orders WHERE currency = 'EUR
                                     ~ syntax/unclosed-string: This string is never closed: a ' is missing at its end.
---
SELECT a /* b FROM t
         ~~ syntax/unclosed-comment: This comment is never closed: '*/' is missing.
---
SELECT a 'b' FROM t
         ~~~ syntax/string-alias: A name cannot be a string; write \`b\`.
---
SELECT JSON_OBJECT(f(a) VALUE b) FROM t
                   ~ syntax/json-key: Before a key that is the call of a function Flink needs KEY: JSON_OBJECT(KEY f(x) VALUE y).
---
SELECT * FROM my_function(g(1))
                           ~ syntax/table-function: Flink cannot read these arguments of my_function; write TABLE(my_function(…)) to call a table function.
---
SELECT a FROM t MINUS SELECT a FROM u
                ~~~~~ syntax/minus: Flink does not take MINUS between queries; write EXCEPT.
---
SELECT a FROM t LIMIT 1, 2
                ~~~~~~~~~~ syntax/limit-start: Flink does not take LIMIT start, count; write LIMIT count OFFSET start.
`),
  )('%s', (text) => checkProblems(text));
});

describe('what was expected is said in groups', () => {
  test.each(
    cases(`
SELECT a FROM t WHERE b = 1 c
                            ~ syntax/unexpected: Found 'c', expected an operator, AND, OR, GROUP BY, ORDER BY, or the end of the statement.
---
SELECT * FROM (SELECT a FROM t
                             ~ syntax/unexpected: Found the end of the statement, expected ',', JOIN, WHERE, GROUP BY, ORDER BY or ')'.
---
CREATE TABLE t (a INT, b)
                        ~ syntax/unexpected: Found ')', expected a data type, or AS and an expression.
---
DROP TABLE IF EXISTS 1
                     ~ syntax/unexpected: Found '1', expected the name of the table.
---
ALTER TABLE t FOO
              ~~~ syntax/unexpected: Found 'FOO', expected ADD, MODIFY, DROP, RENAME, SET or RESET.
---
SELECT * FROM t JOIN ON a = b
                ~~~~ syntax/join: JOIN must be followed by a table, a query in parentheses or TABLE(…).
`),
  )('%s', (text) => checkProblems(text));
});

test.each([
  ['SELECT value FROM t', 'SELECT `value` FROM t'],
  ['SELECT a, FROM t', 'SELECT a FROM t'],
  ['SELECT * FROM t WHERE a == 1', 'SELECT * FROM t WHERE a = 1'],
  ['CREATE TABLE t (a INT b STRING)', 'CREATE TABLE t (a INT, b STRING)'],
  ['CREATE TABLE t (a INT) WITH (\'a\' = "b")', "CREATE TABLE t (a INT) WITH ('a' = 'b')"],
  ["CREATE TABLE t (a INT) WITH ('a' = 'b' 'c' = 'd')", "CREATE TABLE t (a INT) WITH ('a' = 'b', 'c' = 'd')"],
  ['selct a from t', 'select a from t'],
  ['SELECT * FROM t WEHRE a = 1', 'SELECT * FROM t WHERE a = 1'],
])('the fix of %s gives a text without problems', (text, mended) => {
  const options = { flinkVersion: '2.3', templates: false };
  const edits = parseStatement(text, options).problems[0]?.fixes?.[0]?.edits ?? [];
  const done = edits.reduceRight((t, { start, end, text: by }) => t.slice(0, start) + by + t.slice(end), text);
  expect(done).toBe(mended);
  expect(parseStatement(done, options).problems).toEqual([]);
});

test.each([
  ['1.20', 'SHOW CONNECTIONS', 'This needs Flink 2.3 or newer; the version chosen here is 1.20.'],
  ['1.20', 'ALTER MATERIALIZED TABLE t AS SELECT 1', 'This needs Flink 2.0 or newer; the version chosen here is 1.20.'],
  ['2.0', "ALTER MODEL m RESET ('a')", 'This needs Flink 2.1 or newer; the version chosen here is 2.0.'],
  [
    '2.2',
    'INSERT INTO t SELECT 1 ON CONFLICT DO NOTHING',
    'This needs Flink 2.3 or newer; the version chosen here is 2.2.',
  ],
])('in Flink %s, %s is too new', (flinkVersion, text, message) => {
  expect(parseStatement(text, { flinkVersion, templates: false }).problems.map((p) => p.message)).toEqual([message]);
  expect(parseStatement(text, { flinkVersion: '2.3', templates: false }).problems).toEqual([]);
});

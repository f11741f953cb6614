// dt-sql-parser's side of the bench, bundled and run in a process of its own: `TASK FILE` prints one line of JSON.
import { readFileSync } from 'node:fs';
import { FlinkSQL } from 'dt-sql-parser';

const [task, file] = process.argv.slice(2);
const now = () => performance.now();

/** Milliseconds for each statement of a corpus: the first time, and the best of two more. It keeps its caches. */
function corpus() {
  const parser = new FlinkSQL();
  const statements = JSON.parse(readFileSync(file, 'utf8'));
  const pass = () =>
    statements.map((sql) => {
      const start = now();
      parser.validate(sql);
      return now() - start;
    });
  const first = pass();
  const [second, third] = [pass(), pass()];
  return { first, again: second.map((ms, index) => Math.min(ms, third[index])) };
}

/** Milliseconds from the start of this process to the errors of the file. */
function fresh() {
  new FlinkSQL().validate(readFileSync(file, 'utf8'));
  return { ms: now() };
}

/** The file whole, again and again, each time with another character changed. */
function warm() {
  const parser = new FlinkSQL();
  const text = readFileSync(file, 'utf8');
  const times = [];
  for (let run = 0; run < 7; run++) {
    const start = now();
    parser.validate(`${text.slice(0, 1000 + run)} ${text.slice(1000 + run)}`);
    times.push(now() - start);
  }
  return { ms: times.slice(2).sort((a, b) => a - b)[2] };
}

console.log(JSON.stringify({ corpus, fresh, warm }[task]()));

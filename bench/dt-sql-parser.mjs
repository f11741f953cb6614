// dt-sql-parser's side of the bench, bundled and run in a process of its own: `TASK FILE` prints one line of JSON.
import { readFileSync } from 'node:fs';
import { FlinkSQL } from 'dt-sql-parser';

const [task, file] = process.argv.slice(2);
const now = () => performance.now();

/** Milliseconds for each statement of a corpus; one parser for all, which keeps its caches. */
function corpus() {
  const parser = new FlinkSQL();
  const times = [];
  for (const sql of JSON.parse(readFileSync(file, 'utf8'))) {
    const start = now();
    parser.validate(sql);
    times.push(now() - start);
  }
  return { times };
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

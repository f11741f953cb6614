// A batch door with nothing around parser and binder: it measures them when the rest of the server does not build.
import { parseScript } from '../../server/src/language/parser';
import { analyseScript } from '../../server/src/semantics/analyse';
import { onLine } from './json-lines';

const flag = process.argv.indexOf('--flink');
const options = { flinkVersion: flag > 0 ? process.argv[flag + 1]! : '2.3', templates: false };

function positions(text: string): (offset: number) => [number, number] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return [low + 1, offset - starts[low]! + 1];
  };
}

onLine(process.stdin, (line) => {
  const { id, script } = JSON.parse(line) as { id: string; script: string };
  const at = positions(script);
  const placed = parseScript(script, options).statements;
  const analysis = analyseScript(
    placed.map(({ statement }) => statement),
    { flinkVersion: options.flinkVersion, strict: true },
  );
  const statements = placed.map(({ statement, offset }, index) => {
    const { problems, lineage } = analysis.statements[index]!;
    return {
      start: at(offset),
      end: at(offset + statement.text.length),
      kind: statement.root.kind,
      diagnostics: [...statement.problems, ...problems].map(({ code, severity, origin, message, start, end }) => ({
        code,
        severity,
        origin,
        message,
        start: at(offset + start),
        end: at(offset + end),
      })),
      lineage: lineage.map(({ sink, columns }) => ({ sink: sink ?? null, columns })),
    };
  });
  process.stdout.write(`${JSON.stringify({ id, statements })}\n`);
});

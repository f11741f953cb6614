import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { KEYWORD_VERSIONS } from '../knowledge/keywords';
import { statementKind } from '../language/kind';
import { Lines } from '../language/lines';
import { parseScript } from '../language/parser';
import type { Problem } from '../language/problem';
import type { ParsedStatement } from '../language/script';
import { analyseScript } from '../semantics/analyse';
import type { StatementLineage } from '../semantics/lineage';

export const usage = `flink-sql batch [--flink VERSION] [--templates] [--syntax-only]
  Reads JSON lines {"id", "script"} from standard input and writes one JSON line of findings and lineage for each.
  --flink VERSION  one of ${KEYWORD_VERSIONS.join(', ')} (the newest, when not given)
  --templates      take \${variable} and {{ jinja }} as unknown text instead of reporting them as Flink would
  --syntax-only    only what Flink's parser would say; no semantics, no lineage`;

interface BatchOptions {
  flinkVersion: string;
  templates: boolean;
  syntaxOnly: boolean;
}

type Position = [number, number];

interface StatementAnswer {
  /** 1-based line and column in the script; the end is exclusive. */
  start: Position;
  end: Position;
  kind: string;
  diagnostics: (Pick<Problem, 'code' | 'severity' | 'origin' | 'message'> & { start: Position; end: Position })[];
  lineage: LineageAnswer[] | null;
}

interface LineageAnswer {
  sink: string | null;
  columns: { column: string; from: StatementLineage['columns'][number]['from'] }[];
  indirect: StatementLineage['indirect'];
  /** Something could not be resolved, so that columns may be missing */
  partial?: true;
}

/** The options of the command line, or what is wrong with them. */
function readOptions(args: readonly string[]): BatchOptions | string {
  const options: BatchOptions = {
    flinkVersion: KEYWORD_VERSIONS[KEYWORD_VERSIONS.length - 1]!,
    templates: false,
    syntaxOnly: false,
  };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--templates') options.templates = true;
    else if (arg === '--syntax-only') options.syntaxOnly = true;
    else if (arg === '--flink') {
      // a patch level (1.20.4) reads like its release line
      const version = (args[++i] ?? '').split('.').slice(0, 2).join('.');
      if (!KEYWORD_VERSIONS.includes(version))
        return `Flink ${args[i] ?? '(nothing)'} is not known. Known: ${KEYWORD_VERSIONS.join(', ')}.`;
      options.flinkVersion = version;
    } else return `'${arg}' is not an option of batch.\n${usage}`;
  }
  return options;
}

/** What the batch door answers for one script. */
export function answer(script: string, options: BatchOptions): StatementAnswer[] {
  const lines = new Lines(script);
  const { flinkVersion, templates } = options;
  const parsed = parseScript(script, { flinkVersion, templates });
  const statements = parsed.statements.map((placed) => placed.statement);
  const analysis = options.syntaxOnly ? undefined : analyseScript(statements, { flinkVersion, strict: true });
  return parsed.statements.map(({ statement, offset }, index) => {
    const found = analysis?.statements[index];
    const unended =
      index > 0 && index === parsed.statements.length - 1 && offset + statement.text.length === script.length;
    const problems = [
      ...statement.problems,
      ...(unended && isClientWord(statement) ? [clientWordUnended(statement)] : []),
      ...(found?.problems ?? []),
    ];
    return {
      start: lines.at(offset),
      end: lines.at(offset + statement.text.trimEnd().length),
      kind: statementKind(statement.root),
      diagnostics: problems.map(({ code, severity, origin, message, start, end }) => ({
        code,
        severity,
        origin,
        message,
        start: lines.at(offset + start),
        end: lines.at(offset + end),
      })),
      lineage: found && found.lineage.length > 0 ? found.lineage.map(lineageAnswer) : null,
    };
  });
}

/** QUIT and its like, which are not in Flink's grammar. */
function isClientWord({ root }: ParsedStatement): boolean {
  return root.kind === 'Command' && /^(QUIT|EXIT|HELP|CLEAR)$/.test(root.verb);
}

/** Behind other statements Flink reads such a word only up to a semicolon; without one it takes it for SQL. */
function clientWordUnended({ root }: ParsedStatement): Problem {
  const { start, end } = root;
  const message = 'A semicolon is missing: behind other statements this word is only understood with one.';
  return { code: 'syntax/client-word', severity: 'error', origin: 'syntax', message, start, end };
}

function lineageAnswer(lineage: StatementLineage): LineageAnswer {
  return {
    sink: lineage.sink ?? null,
    columns: lineage.columns.map(({ column, from }) => ({ column, from })),
    indirect: lineage.indirect,
    ...(lineage.partial ? { partial: true } : {}),
  };
}

/**
 * The batch door: one line of JSON in, one out, in order. A line that is no request is answered with its `error`.
 * Returns the exit code: 0, or 1 when the arguments are wrong.
 */
export async function batch(args: readonly string[], input: Readable, output: Writable): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`);
    return 1;
  }
  for await (const line of linesOf(input)) {
    if (line.trim() === '') continue;
    if (!output.write(`${respond(line, options)}\n`)) await once(output, 'drain');
  }
  return 0;
}

/** Lines ended by a line feed, as JSON lines are; other line ends may stand in their strings. */
async function* linesOf(input: Readable): AsyncGenerator<string> {
  input.setEncoding('utf8');
  let rest: string[] = [];
  for await (const chunk of input as AsyncIterable<string>) {
    const lines = chunk.split('\n');
    if (lines.length === 1) {
      rest.push(chunk);
      continue;
    }
    yield rest.join('') + lines[0];
    for (let i = 1; i < lines.length - 1; i++) yield lines[i]!;
    rest = [lines[lines.length - 1]!];
  }
  yield rest.join('');
}

function respond(line: string, options: BatchOptions): string {
  let id: unknown = null;
  try {
    const request = JSON.parse(line) as { id?: unknown; script?: unknown };
    id = request.id ?? null;
    if (typeof request.script !== 'string') return JSON.stringify({ id, error: 'This line has no "script".' });
    return JSON.stringify({ id, statements: answer(request.script, options) });
  } catch (error) {
    return JSON.stringify({ id, error: `This line cannot be answered: ${(error as Error).message}` });
  }
}

import { type FunctionKnowledge, lookupFunction, signatures } from '../knowledge/functions';
import type { Call } from '../language/ast';
import { callName } from '../semantics/traverse';
import type { AnalysedDocument, Span } from './analysed-document';
import { codeBlock, codeSpan, escapeMarkdown, shorten } from './markdown';
import { innermost, type NodesAt, nodesAt } from './nodes-at';

/** Signatures shown before '… and 2 more'. */
const SIGNATURES = 5;

/**
 * What is known of the function whose name is at an offset: how it is called, what it gives, and one sentence on what it
 * does. Of a function that the script itself creates, its class and where it is created. Undefined for any other.
 */
export function functionHover(
  document: AnalysedDocument,
  offset: number,
  flinkVersion: string,
): ({ markdown: string } & Span) | undefined {
  const at = nodesAt(document, offset);
  const call = at && innermost<Call>(at.path, 'Call');
  if (!at || !call || !isWithin(call.name, offset - at.base)) return undefined;
  const markdown = created(document, at, call) ?? builtIn(call, flinkVersion);
  if (markdown === undefined) return undefined;
  return { start: at.base + call.name.start, end: at.base + call.name.end, markdown };
}

function isWithin({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

function builtIn(call: Call, flinkVersion: string): string | undefined {
  const known = call.name.parts.length === 1 ? lookupFunction(flinkVersion, callName(call)) : undefined;
  if (!known) return undefined;
  const all = signatures(flinkVersion, known);
  const shown = all.slice(0, SIGNATURES);
  const lines = all.length > shown.length ? [...shown, `-- … and ${all.length - shown.length} more`] : shown;
  return [codeBlock('flinksql', lines), known.description, kindOf(known)].filter(Boolean).join('\n\n');
}

function kindOf({ kinds, deterministic }: FunctionKnowledge): string {
  const what = kinds.includes('aggregate')
    ? 'Built-in aggregate function'
    : kinds.some((kind) => kind === 'table' || kind === 'process table')
      ? 'Built-in table function'
      : 'Built-in function';
  return deterministic ? what : `${what}; may give another value each time it is called`;
}

/** The last CREATE FUNCTION of that name above the call, else the first one below. */
function created({ text, statements }: AnalysedDocument, { index }: NodesAt, call: Call): string | undefined {
  const wanted = callName(call);
  const makers = statements.flatMap(({ statement: { root }, offset }, at) => {
    if (root.kind !== 'CreateFunction' || root.name.parts.at(-1)?.name.toUpperCase() !== wanted.split('.').at(-1))
      return [];
    return [{ at, line: text.slice(0, offset).split('\n').length, className: root.className.value }];
  });
  const maker = makers.filter(({ at }) => at <= index).at(-1) ?? makers[0];
  if (!maker) return undefined;
  const name = escapeMarkdown(shorten(call.name.parts.map((part) => part.name).join('.'), 120));
  return `**${name}** · function of this script · created in line ${maker.line}\n\n${codeSpan(maker.className)}`;
}

import type { Problem } from '../language/problem';
import type { ParsedStatement } from '../language/script';
import { rule } from '../rules/schema-drift';
import { isSilenced } from '../rules/silence';
import type { AnalysedDocument } from './analysed-document';
import type { QuickFix } from './quick-fixes';

/** What stores were heard to say against statements. */
type KnownFindings = Pick<ReadonlyMap<ParsedStatement, readonly Problem[]>, 'get'>;

/**
 * What the quick fix of the finding about a table's columns does, of all columns where there are several, at offsets of the
 * document. Undefined where nothing is told of the table, or nothing can be mended.
 */
export function driftFix(
  { text, statements, analysis, known }: AnalysedDocument & { readonly known: KnownFindings },
  table: string,
): QuickFix['edits'] | undefined {
  for (const [index, { statement, offset }] of statements.entries()) {
    if (analysis.statements[index]?.defines?.name !== table) continue;
    const problem = known.get(statement)?.find(({ code }) => code === rule.code);
    const fix = problem?.fixes?.at(-1);
    if (!problem || !fix || isSilenced(text, offset + problem.start, problem.code)) continue;
    return fix.edits.map((edit) => ({ start: offset + edit.start, end: offset + edit.end, text: edit.text }));
  }
  return undefined;
}

import type { Binary, Call, SelectItem } from '../language/ast';
import { parseScript } from '../language/parser';
import type { Fix } from '../language/problem';
import type { ParsedStatement } from '../language/script';
import { shown } from '../rules/schema-drift';
import type { ColumnLineage, ColumnOrigin } from '../semantics/lineage';
import { callName } from '../semantics/traverse';
import type { Span } from './analysed-document';
import { type AnyNode, childrenOf, pathTo } from './nodes-at';
import type { ScriptToCheck } from './store-findings';

/** What answers yes or no to a question about a value does not tell the value. */
const tests = new Set(['IsTest', 'Between', 'InTest', 'LikeTest', 'Exists', 'Quantified']);
const comparisons = /^(=|<>|!=|<|<=|>|>=|IS (NOT )?DISTINCT FROM)$/;

/**
 * Whether the values of a source column reach a sink column only through functions that hide them (hashes, counts) or as
 * answers to tests. Looks at the expression of the sink column, and else at every place where the statement, or a view of the
 * script, selects the source column.
 */
export function isMasked(
  script: ScriptToCheck,
  statement: ParsedStatement,
  { expression }: ColumnLineage,
  origin: ColumnOrigin,
  masking: readonly string[],
): boolean {
  if (!origin.transformed) return false;
  if (expression !== undefined && isMaskedExpression(expression, masking)) return true;
  const places = script.statements.flatMap((placed, index) => {
    const bound = script.analysis.statements[index];
    if (!bound || (placed.statement !== statement && bound.defines?.kind !== 'view')) return [];
    const named = bound.columns.filter(({ table, column }) => table === origin.table && column === origin.column);
    return named.map(({ start }) => pathTo(placed.statement.root, start)).filter(isSelected);
  });
  return places.length > 0 && places.every((path) => path.some((node) => hides(node, masking)));
}

/** Whether a column on a path stands in the select list of its query: not in WHERE, ON, GROUP BY … */
export function isSelected(path: readonly AnyNode[]): boolean {
  const select = path.map(({ kind }) => kind).lastIndexOf('Select');
  return path[select + 1]?.kind === 'SelectItem';
}

function isMaskedExpression(text: string, masking: readonly string[]): boolean {
  const root = parseScript(`SELECT ${text}`, { flinkVersion: '2.3', templates: true }).statements[0]?.statement.root;
  return root !== undefined && isHidden(root as AnyNode, masking);
}

/**
 * The fix that hashes a text where it is selected; none elsewhere, for other types, and where the user's masking functions
 * have no such hash. What is selected keeps its name.
 */
export function hashFix(
  { root, text }: ParsedStatement,
  { start, end }: Span,
  { name, type }: { name: string; type: string | undefined },
  masking: readonly string[],
): Fix | undefined {
  const hash = ['SHA256', 'SHA384', 'SHA512'].find((each) => masking.includes(each));
  const path = pathTo(root as AnyNode, start);
  const column = path.find((node) => node.kind === 'ColumnRef');
  if (!hash || !column || column.start !== start || column.end !== end) return undefined;
  if (!isSelected(path) || !/^(STRING|VARCHAR|CHAR)\b/.test(type ?? '')) return undefined;
  const item = path[path.map(({ kind }) => kind).lastIndexOf('SelectItem')] as SelectItem;
  const reference = text.slice(start, end);
  const [own = name] = /(`(?:[^`]|``)*`|[^.`\s]+)$/.exec(reference) ?? [];
  const alias = item.expr === column && !item.alias ? ` AS ${own}` : '';
  return { title: `Write ${hash} of ${shown(name)}`, edits: [{ start, end, text: `${hash}(${reference})${alias}` }] };
}

/** Whether every column below a node is hidden. */
function isHidden(node: AnyNode, masking: readonly string[]): boolean {
  if (hides(node, masking)) return true;
  if (node.kind === 'ColumnRef' || node.kind === 'Star' || node.kind === 'Subquery') return false;
  // The conditions of CASE are tests, its results are values
  return childrenOf(node).every((child) => isHidden(child, masking));
}

function hides(node: AnyNode, masking: readonly string[]): boolean {
  if (tests.has(node.kind)) return true;
  if (node.kind === 'Binary') return comparisons.test((node as Binary).op);
  return node.kind === 'Call' && masking.includes(callName(node as Call));
}

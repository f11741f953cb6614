import type { Call, ColumnRef, Expression, MatchRecognize } from '../language/ast';
import { changingInput } from '../rules/changing-input';
import { duplicateColumn } from '../rules/duplicate-column';
import { matchDistinct, matchVariables } from '../rules/match-function';
import { bindExpression, influence } from './expressions';
import { isAggregateCall } from './group-check';
import { transformed } from './origins';
import { merged, type QueryBinder } from './queries';
import { type Relation, type RelationColumn, Scope, type ScopeEntry } from './scope';
import { some } from './traverse';

/** MATCH_RECOGNIZE: the partition columns and the measures; with ALL ROWS PER MATCH also every input column. */
export function bindMatchRecognize(
  match: MatchRecognize,
  input: readonly ScopeEntry[],
  outer: Scope | undefined,
  binder: QueryBinder,
): Relation {
  const relation = merged(input);
  const plain = new Scope(input, outer);
  if (relation.changes === 'change' && !binder.batch)
    binder.context.reportPlanned(changingInput(match.source, 'MATCH_RECOGNIZE'));
  const columns: RelationColumn[] = [];
  for (const item of match.partitionBy) {
    const bound = influence(item, 'group', plain, binder);
    if (item.kind === 'ColumnRef') {
      columns.push({ name: item.parts[item.parts.length - 1]!.name, type: bound.type, from: bound.from });
    }
  }
  for (const item of match.orderBy) influence(item.expr, 'order', plain, binder);
  if (match.rowsPerMatch === 'ALL') {
    for (const column of relation.columns) if (!columns.some((c) => c.name === column.name)) columns.push(column);
  }
  // inside, each pattern variable names the rows it matched
  const variables = new Set([
    ...match.patternVariables.map((v) => v.name),
    ...match.subsets.map((s) => s.name.name),
    ...match.definitions.map((d) => d.name.name),
  ]);
  const inside = new Scope(
    [{ alias: '', path: [], relation }],
    new Scope(
      [...variables].map((name) => ({ alias: name, path: [name], relation })),
      outer,
    ),
  );
  inside.matching = true;
  for (const definition of match.definitions) checkVariables(definition.condition, variables, binder);
  for (const definition of match.definitions) binder.condition(definition.condition, 'DEFINE', 'condition', inside);
  if (match.within) bindExpression(match.within, inside, binder);
  for (const measure of match.measures) {
    const bound = bindExpression(measure.expr, inside, binder);
    const { alias } = measure;
    if (alias && columns.some((c, i) => i < match.partitionBy.length && c.name === alias.name))
      binder.context.reportPlanned(duplicateColumn(alias, alias.name));
    checkVariables(measure.expr, variables, binder);
    if (alias && match.measures.some((m) => m.alias?.name === alias.name && m.start < measure.start))
      binder.context.report(duplicateColumn(alias, alias.name));
    columns.push({ name: measure.alias?.name ?? '', type: bound.type, from: transformed(bound.from) });
  }
  const changes = 'append';
  return relation.open && match.rowsPerMatch === 'ALL'
    ? { columns, changes, open: relation.open }
    : { columns, changes };
}

/** An aggregate reads the rows of one pattern variable, each of them. */
function checkVariables(expression: Expression, variables: ReadonlySet<string>, binder: QueryBinder): void {
  some(expression, (node) => {
    if (!isAggregateCall(node, binder.context)) return false;
    const call = node as Call;
    const used = new Set<string>();
    some(call, (inner) => {
      const parts = inner.kind === 'ColumnRef' ? (inner as ColumnRef).parts : [];
      if (parts.length > 1 && variables.has(parts[0]!.name)) used.add(parts[0]!.name);
      return false;
    });
    if (used.size > 1) binder.context.report(matchVariables(call, [...used]));
    else if (call.quantifier === 'DISTINCT') binder.context.report(matchDistinct(call));
    return false;
  });
}

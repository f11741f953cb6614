import { age } from '../atlas/age';
import { writes } from '../atlas/job';
import type { PublishState } from '../atlas/publishState';
import type { AnalysedDocument, Span } from './analysed-document';

/** A line above a statement: text, and what a click runs. */
export interface Lens extends Span {
  title: string;
  tooltip: string;
  command: { id: string; args: unknown[] };
}

/**
 * The lenses above the statements that write: publish with the number of changes, lineage, and when it was published. `state`
 * is undefined while nobody knows, and where there is no store to ask. Depends on the syntax alone, so that lines do not
 * jump while a statement is half typed. `now`: milliseconds since 1970.
 */
export function codeLens(
  { text, statements }: Pick<AnalysedDocument, 'text' | 'statements'>,
  uri: string,
  state: PublishState | undefined,
  now: number,
): Lens[] {
  const lineOf = lineCounter(text);
  return statements
    .filter(({ statement }) => writes(statement.root))
    .flatMap(({ statement, offset }) => {
      const span = { start: offset, end: offset + statement.text.length };
      return [
        {
          ...span,
          title: `⇪ Publish${state?.changes ? ` (${count(state.changes)})` : ''}`,
          tooltip: "Publish this job's lineage",
          command: { id: 'flinkSql.publish', args: [uri] },
        },
        {
          ...span,
          title: '⇄ Lineage',
          tooltip: 'Show what this statement reads and writes as a graph',
          command: { id: 'flinkSql.showLineage', args: [{ uri, line: lineOf(offset) }] },
        },
        ...(state ? [{ ...span, ...standing(state, now) }] : []),
      ];
    });
}

function standing(state: PublishState, now: number): Omit<Lens, 'start' | 'end'> {
  const { store, treeItem, publishedAt, changes } = state;
  if (treeItem === undefined || publishedAt === undefined) {
    return {
      title: 'not published yet',
      tooltip: 'Show the registered jobs',
      command: { id: 'flinkSql.jobs.focus', args: [] },
    };
  }
  return {
    title: `published ${age(now - publishedAt)}${changes ? ` · ${count(changes)} not published` : ''}`,
    tooltip: 'Show the job in the tree',
    command: { id: 'flinkSql.showInTree', args: [store, treeItem] },
  };
}

/** Counts lines, zero-based, for offsets that only grow. */
function lineCounter(text: string): (offset: number) => number {
  let line = 0;
  let next = text.indexOf('\n');
  return (offset) => {
    for (; next >= 0 && next < offset; next = text.indexOf('\n', next + 1)) line++;
    return line;
  };
}

function count(changes: number): string {
  return changes === 1 ? '1 change' : `${changes} changes`;
}

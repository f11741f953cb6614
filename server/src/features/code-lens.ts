import { age } from '../atlas/age';
import { writes } from '../atlas/job';
import type { PublishState } from '../atlas/publishedJobs';
import type { AnalysedDocument, Span } from './analysed-document';

/** A line above a statement: text, and what a click runs. */
export interface Lens extends Span {
  title: string;
  tooltip: string;
  command: { id: string; args: unknown[] };
}

/**
 * The lenses above the statements that write: publish with the number of changes, and when the job was published. `state`
 * is undefined while nobody knows, and where there is no store to ask. Depends on the syntax alone, so that lines do not
 * jump while a statement is half typed. `now`: milliseconds since 1970.
 */
export function codeLens(
  { statements }: Pick<AnalysedDocument, 'statements'>,
  uri: string,
  state: PublishState | undefined,
  now: number,
): Lens[] {
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

function count(changes: number): string {
  return changes === 1 ? '1 change' : `${changes} changes`;
}

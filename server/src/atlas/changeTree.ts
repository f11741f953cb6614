/** The changes of a publish as the tree that they are of: job, process, edges; dataset, schema, columns. Pure. */
import type { Change, ChangeKind } from '../protocol';

/** A change before it has its place. */
export interface LooseChange extends Omit<Change, 'depth' | 'touched'> {
  /** What it is a change of, where others can belong to that */
  key?: string;
  /** Key of what it belongs to */
  owner?: string;
}

/** In the order of what people look for. */
export const things = ['job', 'process', 'edge', 'dataset', 'schema', 'column', 'column lineage'];
const kinds: ChangeKind[] = ['new', 'changed', 'removed', 'unchanged'];

/**
 * Changes in the order of a tree, each behind what it belongs to and with its depth. What changes, or has a change in it, comes
 * before what stays as it is; otherwise the order is that of `things`, and of the changes themselves.
 */
export function asTree(changes: readonly LooseChange[]): Change[] {
  const keys = new Set(changes.map(({ key }) => key));
  const parts = new Map<string | undefined, LooseChange[]>();
  for (const change of changes) {
    const owner = change.owner !== undefined && keys.has(change.owner) ? change.owner : undefined;
    const siblings = parts.get(owner);
    if (siblings) siblings.push(change);
    else parts.set(owner, [change]);
  }
  const place = (change: LooseChange, depth: number): Change[] => {
    const { key, owner: _, ...rest } = change;
    const inside = key === undefined ? [] : branch(key, depth + 1);
    const touched = rest.kind !== 'unchanged' || inside.some((each) => each.touched);
    return [{ ...rest, depth, touched }, ...inside];
  };
  const branch = (owner: string | undefined, depth: number): Change[] =>
    (parts.get(owner) ?? [])
      .map((change) => place(change, depth))
      .sort(([a], [b]) => rank(a) - rank(b))
      .flat();
  return branch(undefined, 0);
}

function rank(change: Change | undefined): number {
  if (!change) return 0;
  const { kind, what, touched } = change;
  return ((touched ? 0 : 1) * things.length + things.indexOf(what)) * kinds.length + kinds.indexOf(kind);
}

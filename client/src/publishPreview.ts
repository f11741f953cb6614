import type { Change, ChangeKind, PublishPlan } from '../../server/src/protocol';

const signs: Record<ChangeKind, string> = { new: '+', changed: '~', removed: '-', unchanged: ' ' };
const kinds: ChangeKind[] = ['new', 'changed', 'removed', 'unchanged'];
/** So many columns stand in the tree by themselves; more are one row that opens. */
const MOST_COLUMNS = 3;

/** A row of the preview: a change, or the many alike of one place, which open into rows of their own. */
export interface PreviewRow {
  depth: number;
  change?: Change;
  /** '8 columns', '+ 6  ~ 2'; `id` is the place of its first change in the plan */
  group?: { id: number; label: string; summary: string; isOpen: boolean };
}

/** What changes as a tree, with what that is part of. Of columns beyond a few those are shown whose group is in `open`. */
export function previewRows(plan: PublishPlan, open: ReadonlySet<number>): PreviewRow[] {
  const shown = plan.changes.filter(({ touched }) => touched);
  const rows: PreviewRow[] = [];
  for (let at = 0; at < shown.length; ) {
    const first = shown[at] as Change;
    let end = at + 1;
    if (first.what.startsWith('column'))
      while (shown[end]?.what === first.what && shown[end]?.depth === first.depth) end++;
    const alike = shown.slice(at, end);
    at = end;
    const { depth } = first;
    const isGroup = alike.length > MOST_COLUMNS;
    if (isGroup) {
      const id = plan.changes.indexOf(first);
      const label = `${alike.length.toLocaleString('en')} ${first.what === 'column' ? 'columns' : 'column lineages'}`;
      const isOpen = open.has(id);
      rows.push({ depth, group: { id, label, summary: countByKind(alike), isOpen } });
      if (!isOpen) continue;
    }
    for (const change of alike) rows.push({ depth: isGroup ? depth + 1 : depth, change });
  }
  return rows;
}

/** '+ 6  ~ 2  − 1', as the summary of a plan is written. */
function countByKind(changes: readonly Change[]): string {
  return kinds
    .map((kind) => ({ kind, count: changes.filter((change) => change.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${signs[kind].replace('-', '−')} ${count.toLocaleString('en')}`)
    .join('  ');
}

/** A plan as a text that reads like a diff: one line for each change, indented as a tree, what differs under it. */
export function previewText(plan: PublishPlan): string {
  const lines = [`# Publish ${plan.job.name} to ${plan.store.label}`, `# ${plan.summary || 'Nothing would change'}`];
  for (const note of plan.notes) lines.push(`# Note: ${note}`);
  if (plan.missingTypes.length > 0) lines.push(`# Types to be added to Atlas first: ${plan.missingTypes.join(', ')}`);
  lines.push('');
  for (const { kind, what, label, details, depth } of plan.changes) {
    const start = `${signs[kind]} ${'  '.repeat(depth)}`;
    lines.push(`${start}${what} ${label}`, ...details.map((detail) => `${start}    ${detail}`));
  }
  return `${lines.join('\n')}\n`;
}

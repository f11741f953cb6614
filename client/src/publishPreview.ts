import type { Change, ChangeKind, PublishPlan } from '../../server/src/protocol';

const signs: Record<ChangeKind, string> = { new: '+', changed: '~', removed: '-', unchanged: ' ' };
const kinds: ChangeKind[] = ['new', 'changed', 'removed', 'unchanged'];
/** The few things that people look for, before the many that follow from them. */
const things = ['job', 'process', 'edge', 'dataset'];

/** The changes of a plan, those that matter first. */
export function sortedChanges(plan: PublishPlan): Change[] {
  const rank = ({ kind, what }: Change) => {
    const thing = things.indexOf(what);
    return kinds.indexOf(kind) * 10 + (thing < 0 ? things.length : thing);
  };
  return [...plan.changes].sort((a, b) => rank(a) - rank(b));
}

/** A plan as a text that reads like a diff: one line for each change, what differs under it. */
export function previewText(plan: PublishPlan): string {
  const lines = [`# Publish ${plan.job.name} to ${plan.store.label}`, `# ${plan.summary || 'Nothing would change'}`];
  for (const note of plan.notes) lines.push(`# Note: ${note}`);
  if (plan.missingTypes.length > 0) lines.push(`# Types to be added to Atlas first: ${plan.missingTypes.join(', ')}`);
  lines.push('');
  for (const { kind, what, label, details } of sortedChanges(plan)) {
    const sign = signs[kind];
    lines.push(`${sign} ${what} ${label}`);
    for (const detail of details) lines.push(`${sign}     ${detail}`);
  }
  return `${lines.join('\n')}\n`;
}

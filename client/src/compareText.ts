import type { StoreComparison, StoreDifference } from '../../server/src/protocol';

/** A comparison as a text that reads like a diff: '-' is what the first store says, '+' the second. */
export function compareText({ here, there, differences, same, notes }: StoreComparison): string {
  const lines = [`# - ${here.label}`, `# + ${there.label}`, ...notes.map((note) => `# Note: ${note}`)];
  lines.push(`# ${counted(differences.length)}, ${same} alike`, '');
  let last: string | undefined;
  for (const difference of differences) {
    const { state, what, qualifiedName, attribute, here: mine = '', there: theirs = '' } = difference;
    const title = `${what} ${qualifiedName}`;
    if (state !== 'different') {
      lines.push(`${state === 'here' ? '-' : '+'} ${title}${moreText(difference)}`);
      last = undefined;
      continue;
    }
    if (title !== last) lines.push(`  ${title}`);
    last = title;
    if (mine) lines.push(...mine.split('\n').map((line) => `-     ${attribute}: ${line}`));
    if (theirs) lines.push(...theirs.split('\n').map((line) => `+     ${attribute}: ${line}`));
  }
  return `${lines.join('\n')}\n`;
}

/** ' with 12 more that belong to it', or nothing. */
export function moreText({ pieces = 1 }: StoreDifference): string {
  return pieces > 1 ? ` with ${(pieces - 1).toLocaleString('en')} more that belong to it` : '';
}

export function counted(differences: number): string {
  return differences === 1 ? '1 difference' : `${differences.toLocaleString('en')} differences`;
}

import type { NodeBase } from '../../server/src/language/ast';
import type { ParseOptions, PlacedStatement } from '../../server/src/language/script';

/** A replacement of [start, end) of a text. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What is under test: parsing a text whole, and having it again after a change, reusing what stayed. */
export interface Engine {
  parse(text: string, options: ParseOptions): readonly PlacedStatement[];
  update(text: string, change: Change, options: ParseOptions): readonly PlacedStatement[];
}

/** What may stand outside of all statements: blanks, comments, tags of templates, and the semicolons between them. */
const empty = /^(?:[\s;\ufeff]|--[^\n]*|\/\*[\s\S]*?\*\/|\{%[\s\S]*?%\}|\{#[\s\S]*?#\})*$/;

/** The first broken rule, in words; undefined when all hold. */
export function brokenRule(text: string, statements: readonly PlacedStatement[]): string | undefined {
  let reached = 0;
  for (const [index, { statement, offset, regionStart }] of statements.entries()) {
    const name = `statement ${index}`;
    if (regionStart < reached || offset < regionStart)
      return `${name}: its region begins before the one before it ends`;
    if (!empty.test(text.slice(reached, regionStart)))
      return `${name}: ${JSON.stringify(text.slice(reached, regionStart).slice(0, 40))} before it is in no region`;
    if (text.slice(offset, offset + statement.text.length) !== statement.text)
      return `${name}: its text is not the document's`;
    reached = offset + statement.text.length;
    const fault =
      brokenTree(statement.root, statement.text.length) ?? brokenProblem(statement.problems, statement.text.length);
    if (fault) return `${name}: ${fault}`;
  }
  if (!empty.test(text.slice(reached)))
    return `${JSON.stringify(text.slice(reached, reached + 40))} at the end is in no region`;
  return undefined;
}

function brokenProblem(problems: readonly NodeBase[], length: number): string | undefined {
  for (const { start, end } of problems) {
    if (!(start >= 0 && end >= start && end <= length))
      return `a problem's range ${start}–${end} is outside 0–${length}`;
  }
  return undefined;
}

const isNode = (value: unknown): value is NodeBase & { kind: string } =>
  typeof value === 'object' && value !== null && 'kind' in value && 'start' in value && 'end' in value;

/** Every node lies inside its parent, and the nodes of a list follow each other. */
function brokenTree(root: NodeBase & { kind: string }, length: number): string | undefined {
  if (root.start < 0 || root.end > length)
    return `the root ${root.kind} ${root.start}–${root.end} is outside 0–${length}`;
  const open: (NodeBase & { kind: string })[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (!(node.start <= node.end)) return `${node.kind} ends at ${node.end} before its start ${node.start}`;
    for (const [field, value] of Object.entries(node)) {
      if (typeof value !== 'object' || value === null) continue;
      const list = (Array.isArray(value) ? value : [value]).map((one) => (isNode(one) ? one : namedNode(one)));
      let last = node.start;
      for (const child of list) {
        if (!child) continue;
        if (child.start < node.start || child.end > node.end) {
          return `${child.kind} ${child.start}–${child.end} is outside its ${node.kind}.${field} ${node.start}–${node.end}`;
        }
        if (child.start < last)
          return `${child.kind} at ${child.start} in ${node.kind}.${field} begins before the one before it ends (${last})`;
        last = child.end;
        open.push(child);
      }
    }
  }
  return undefined;
}

/** Lists such as a command's names wrap their nodes. */
function namedNode(value: unknown): (NodeBase & { kind: string }) | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.values(value).find(isNode);
}

/** Whether parsing after a change gives the same as parsing the whole text; the difference in words. */
export function brokenUpdate(engine: Engine, text: string, change: Change, options: ParseOptions): string | undefined {
  const changed = text.slice(0, change.start) + change.text + text.slice(change.end);
  const updated = engine.update(text, change, options);
  const whole = engine.parse(changed, options);
  if (JSON.stringify(updated) === JSON.stringify(whole)) return undefined;
  const at = whole.findIndex((statement, index) => JSON.stringify(statement) !== JSON.stringify(updated[index]));
  return `after replacing ${change.start}–${change.end} by ${JSON.stringify(change.text)}, statement ${at} of ${whole.length} differs (updated gives ${updated.length})`;
}

import type { NodeBase } from '../language/ast';
import type { ParsedStatement } from '../language/script';
import type { AnalysedDocument } from './analysed-document';
import { statementAt } from './table-at';

export interface AnyNode extends NodeBase {
  readonly kind: string;
}

export interface NodesAt {
  /** Index of the statement in the document */
  index: number;
  statement: ParsedStatement;
  /** Offset of the statement in the document */
  base: number;
  /** From the statement down to the smallest node; ranges in the statement's text */
  path: AnyNode[];
}

/** The nodes of the syntax tree around an offset of a document, outermost first; the offset may stand right behind them. */
export function nodesAt({ statements }: AnalysedDocument, offset: number): NodesAt | undefined {
  const index = statementAt(statements, offset);
  const placed = statements[index];
  if (!placed) return undefined;
  const path = pathTo(placed.statement.root, offset - placed.offset);
  return { index, statement: placed.statement, base: placed.offset, path };
}

/** The nodes around an offset of a statement's text, outermost first. */
export function pathTo(root: AnyNode, offset: number): AnyNode[] {
  const path: AnyNode[] = [];
  for (let node: AnyNode | undefined = root; node; node = childAt(node, offset)) path.push(node);
  return path;
}

/** The first of the nodes directly below that is around an offset. */
function childAt(node: object, offset: number): AnyNode | undefined {
  for (const key in node) {
    const value: unknown = node[key as keyof typeof node];
    if (typeof value !== 'object' || value === null) continue;
    const found = isNode(value) ? (isAround(value, offset) ? value : undefined) : childAt(value, offset);
    if (found) return found;
  }
  return undefined;
}

function isAround({ start, end }: AnyNode, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** The nodes directly below, also through values that are no nodes of their own (the kinds of columns). */
export function childrenOf(node: object): AnyNode[] {
  return Object.values(node).flatMap((value: unknown): AnyNode[] => {
    if (typeof value !== 'object' || value === null) return [];
    if (Array.isArray(value)) return value.flatMap((item) => (isNode(item) ? [item] : childrenOf(Object(item))));
    return isNode(value) ? [value] : childrenOf(value);
  });
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as AnyNode).kind === 'string';
}

/** The smallest node of a kind on a path. */
export function innermost<T extends AnyNode>(path: readonly AnyNode[], kind: T['kind']): T | undefined {
  return path.filter((node) => node.kind === kind).at(-1) as T | undefined;
}

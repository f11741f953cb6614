import type { NodeBase } from './ast';

/** Any node of the syntax tree, without knowing its kind. */
export interface AnyNode extends NodeBase {
  readonly kind: string;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as AnyNode).kind === 'string';
}

function collect(value: unknown, into: AnyNode[]): void {
  if (isNode(value)) into.push(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, into);
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) collect(item, into);
}

/** The nodes directly below a node, in no order. */
function below(node: NodeBase): AnyNode[] {
  const found: AnyNode[] = [];
  for (const key in node) {
    const value = (node as unknown as Record<string, unknown>)[key];
    if (typeof value === 'object') collect(value, found);
  }
  return found;
}

/** The nodes directly below a node, in the order of the text. */
export function children(node: NodeBase): AnyNode[] {
  return below(node).sort((a, b) => a.start - b.start || a.end - b.end);
}

/**
 * Makes the ranges of a tree consistent after an error: a node for which nothing was found is empty, and every node
 * covers what is below it. Only for the parser, before anybody has seen the tree.
 */
export function repairRanges(root: NodeBase): void {
  const nodes: { start: number; end: number }[] = [];
  const under: AnyNode[][] = [];
  const stack: AnyNode[] = [root as AnyNode];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const found = below(node);
    nodes.push(node as unknown as { start: number; end: number });
    under.push(found);
    for (const child of found) stack.push(child);
  }
  // parents stand before their children, so backwards means from the leaves up
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    if (node.end < node.start) node.start = node.end;
    for (const child of under[i]!) {
      if (child.start < node.start) node.start = child.start;
      if (child.end > node.end) node.end = child.end;
    }
  }
}

/**
 * Visits a node and everything below it, parents first, in the order of the text. A visitor that returns false keeps
 * the walk out of that node. Deep trees (a chain of 50,000 operators) need no stack.
 */
export function walk(node: NodeBase, visit: (node: AnyNode, parent: AnyNode | undefined) => unknown): void {
  const stack: { node: AnyNode; parent: AnyNode | undefined }[] = [{ node: node as AnyNode, parent: undefined }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (visit(next.node, next.parent) === false) continue;
    const below = children(next.node);
    for (let i = below.length - 1; i >= 0; i--) stack.push({ node: below[i]!, parent: next.node });
  }
}

/** The path of nodes at an offset, outermost first; a node counts as there when the offset is inside it or at its end. */
export function pathAt(root: NodeBase, offset: number): AnyNode[] {
  const path: AnyNode[] = [];
  let node: AnyNode | undefined = root as AnyNode;
  while (node && node.start <= offset && offset <= node.end) {
    path.push(node);
    const below: AnyNode[] = children(node).filter((child) => child.start <= offset && offset <= child.end);
    // at a border the node behind it wins, unless it is empty
    node = below.reduce<AnyNode | undefined>(
      (best, child) => (!best || child.end > child.start || best.end === best.start ? child : best),
      undefined,
    );
  }
  return path;
}

/** The innermost node at an offset, or undefined when it is outside of `root`. */
export function nodeAt(root: NodeBase, offset: number): AnyNode | undefined {
  const path = pathAt(root, offset);
  return path[path.length - 1];
}

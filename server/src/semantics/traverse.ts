/** Walking the syntax tree without knowing every kind of node. */
import type { Call, NodeBase } from '../language/ast';

interface AnyNode extends NodeBase {
  readonly kind: string;
}

/** The nodes directly below, in the order of their properties. */
export function childrenOf(node: NodeBase): AnyNode[] {
  const found: AnyNode[] = [];
  for (const key in node) {
    const value: unknown = node[key as keyof NodeBase];
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item?.kind === 'string') found.push(item);
    } else if (typeof (value as AnyNode).kind === 'string') {
      found.push(value as AnyNode);
    }
  }
  return found;
}

/** Whether `test` holds for the node or one below it; `skip` cuts a branch. */
export function some(node: NodeBase, test: (node: AnyNode) => boolean, skip?: (node: AnyNode) => boolean): boolean {
  if (test(node as AnyNode)) return true;
  // as childrenOf, without a list for each node
  for (const key in node) {
    const value: unknown = node[key as keyof NodeBase];
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item?.kind === 'string' && within(item, test, skip)) return true;
    } else if (typeof (value as AnyNode).kind === 'string' && within(value as AnyNode, test, skip)) {
      return true;
    }
  }
  return false;
}

function within(child: AnyNode, test: (node: AnyNode) => boolean, skip?: (node: AnyNode) => boolean): boolean {
  return !skip?.(child) && some(child, test, skip);
}

export function callName(call: Call): string {
  const { parts } = call.name;
  if (parts.length === 1) return parts[0]!.name.toUpperCase();
  return parts
    .map((p) => p.name)
    .join('.')
    .toUpperCase();
}

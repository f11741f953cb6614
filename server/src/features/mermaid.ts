import type { LineageGraph, LineageNode } from '../protocol';
import { shorten } from './markdown';

/** Characters of one name in a flowchart. */
const LONGEST = 80;

/**
 * A graph as a Mermaid flowchart. With `columns`, each dataset is a subgraph of the columns that take part in the lineage,
 * joined column by column. Names never become syntax: what is not a letter, a digit or plain punctuation is written as the
 * number of its character.
 */
export function mermaid(graph: LineageGraph, columns: boolean): string {
  const ids = new Map(graph.nodes.map((node, index) => [node.id, `n${index}`]));
  const used = new Map<string, Map<string, string>>();
  const columnId = (node: string, column: string) => {
    const names = used.get(node) ?? new Map<string, string>();
    used.set(node, names);
    const id = names.get(column) ?? `${ids.get(node)}c${names.size}`;
    names.set(column, id);
    return id;
  };
  const flows = columns
    ? graph.columnEdges.map((edge) => {
        const [from, to] = [columnId(edge.from.node, edge.from.column), columnId(edge.to.node, edge.to.column)];
        const label = edge.transformed && edge.expression ? `|"${quoted(edge.expression)}"|` : '';
        return `  ${from} ${edge.transformed ? '-.->' : '-->'}${label} ${to}`;
      })
    : [];
  const lines = [`%% ${comment(graph.title)}`, 'flowchart LR'];
  for (const node of graph.nodes) {
    const id = ids.get(node.id)!;
    const names = used.get(node.id);
    if (names) {
      lines.push(`  subgraph ${id}["${labelOf(node)}"]`);
      for (const [name, column] of names) lines.push(`    ${column}["${quoted(name)}"]`);
      lines.push('  end');
    } else lines.push(node.kind === 'process' ? `  ${id}(["${labelOf(node)}"])` : `  ${id}["${labelOf(node)}"]`);
  }
  for (const { from, to, role, status } of graph.edges) {
    const arrow = status === 'deleted' ? '-.-x' : '-->';
    lines.push(`  ${ids.get(from)} ${arrow}${role ? `|${role}|` : ''} ${ids.get(to)}`);
  }
  return `${[...lines, ...flows].join('\n')}\n`;
}

function labelOf(node: LineageNode): string {
  const [first, second] =
    node.kind === 'process' ? [node.detail ?? node.label, node.label] : [node.label, node.typeLabel];
  return `${quoted(first)}<br/><small>${quoted(second)}</small>`;
}

/**
 * Text in a quoted label: everything that Mermaid, Markdown or HTML could read as more than text becomes '#38;' and the like.
 * A label may not be empty, and two dollars are the brackets of a formula however they are written.
 */
function quoted(text: string): string {
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .replace(/\$(?=\$)/g, '$ ')
    .trim();
  const characters = Array.from(shorten(line, LONGEST)).map((character) =>
    /[\p{L}\p{N} ._/:,()=-]/u.test(character) ? character : `#${character.codePointAt(0)};`,
  );
  return characters.join('') || '#160;';
}

function comment(text: string): string {
  return shorten(text.replace(/[^\p{L}\p{N} ._/:→-]+/gu, ' ').trim(), LONGEST);
}

import type { LineageNode } from '../../../server/src/protocol';
import { cut, plain, svg, widthOf } from './dom';
import { BADGES, type Box, type Fonts, HANDLE, HEADER, handlesOf, PAD, ROW, rowTop } from './geometry';

/** The family of a dataset, for its colour. */
export function familyOf(node: LineageNode): 'stream' | 'table' | 'file' | 'other' | 'work' {
  if (node.kind === 'process') return 'work';
  const type = `${node.typeName ?? ''} ${node.typeLabel}`.toLowerCase();
  if (/kafka|topic|kinesis|pulsar|stream|queue/.test(type)) return 'stream';
  if (/hive|rdbms|hbase|database|table_|view/.test(type)) return 'table';
  return /path|s3|adls|gcp|ozone|file|directory|folder|bucket|fs_/.test(type) ? 'file' : 'other';
}

/** The card of a node with everything on it. */
export function drawCard(box: Box, fonts: Fonts): SVGGElement {
  const { node, x, y, width, height } = box;
  const classes = ['node', node.kind, familyOf(node), node.origin, node.status, node.partial && 'partial'];
  const group = svg('g', {
    class: classes.filter(Boolean).join(' '),
    'data-id': node.id,
    transform: `translate(${Math.round(x)} ${Math.round(y)})`,
  });
  const round = node.kind === 'process' ? 20 : 5;
  group.append(svg('rect', { class: 'card', width, height, rx: round }));
  if (node.kind === 'dataset')
    group.append(svg('path', { class: 'accent', d: `M5 0H4a4 4 0 0 0-4 4V${height - 4}a4 4 0 0 0 4 4h1z` }));
  group.append(svg('title', {}, plain(`${node.label} · ${node.typeLabel}`.slice(0, 300))));
  const middle = node.kind === 'process';
  const at = middle ? { x: width / 2, 'text-anchor': 'middle' } : { x: PAD };
  group.append(
    svg('text', { class: 'label', ...at, y: middle ? 17 : 19 }, box.label),
    svg('text', { class: 'sub', ...at, y: middle ? 32 : 35 }, box.sub),
  );
  if (box.badges.length > 0) group.append(drawBadges(box, fonts));
  if (box.columns.length > 0) group.append(...drawColumns(box, fonts));
  for (const { what, direction, text, ...at } of handlesOf(box)) {
    const words = direction === 'up' ? 'upstream' : 'downstream';
    group.append(
      svg(
        'g',
        {
          class: `handle ${what} ${direction}`,
          transform: `translate(${Math.round(at.x - x)} ${Math.round(at.y - y)})`,
        },
        svg('title', {}, `${what === 'show' ? 'Show' : 'Hide'} what is ${words}`),
        svg('rect', { width: at.width, height: HANDLE, rx: HANDLE / 2 }),
        svg('text', { x: at.width / 2, y: 13, 'text-anchor': 'middle' }, text),
      ),
    );
  }
  return group;
}

function drawBadges({ badges, width }: Box, fonts: Fonts): SVGGElement {
  const group = svg('g', { transform: `translate(${PAD} ${HEADER - 4})` });
  const font = fonts.small;
  let x = 0;
  for (const [index, badge] of badges.entries()) {
    const text = cut(badge, font, 110);
    const size = Math.ceil(text.length * 6.4) + 12;
    if (x + size > width - 2 * PAD - 24 && index > 0) {
      group.append(svg('text', { class: 'sub', x, y: 11 }, `+${badges.length - index}`));
      break;
    }
    group.append(
      svg(
        'g',
        { class: 'badge', transform: `translate(${x} 0)` },
        svg('rect', { width: size, height: BADGES - 5, rx: 7 }),
        svg('text', { x: size / 2, y: 11, 'text-anchor': 'middle' }, text),
      ),
    );
    x += size + 4;
  }
  return group;
}

function drawColumns(box: Box, fonts: Fonts): SVGElement[] {
  const { width, head, before, more } = box;
  const rows: SVGElement[] = [svg('line', { class: 'rule', x1: 5, x2: width, y1: head, y2: head })];
  for (const [index, column] of box.columns.entries()) {
    const flagged = (column.classifications?.length ?? 0) > 0;
    const type = cut((column.type ?? '').replace(/ NOT NULL$/, ''), fonts.small, (width - 2 * PAD) * 0.45);
    const name = cut(column.name, fonts.small, width - 2 * PAD - widthOf(type, fonts.small) - (flagged ? 14 : 0) - 8);
    const row = svg(
      'g',
      { class: 'column', 'data-column': column.name, transform: `translate(0 ${rowTop(box, index)})` },
      svg('rect', { class: 'row', x: 5, width: width - 6, height: ROW }),
      svg('text', { x: PAD, y: 14, class: column.primaryKey ? 'name key' : 'name' }, name),
      svg('text', { class: 'type', x: width - PAD - (flagged ? 14 : 0), y: 14, 'text-anchor': 'end' }, type),
    );
    if (flagged) row.append(svg('path', { class: 'flag', d: `M${width - PAD - 8} 5h8l-2.5 3 2.5 3h-7v5h-1z` }));
    rows.push(row);
  }
  const rest = (row: number, text: string) =>
    rows.push(svg('text', { class: 'more', x: PAD, y: rowTop(box, row) + 14 }, text));
  if (before > 0) rest(-1, `… ${before.toLocaleString('en')} before`);
  if (more > 0) rest(box.columns.length, `… and ${more.toLocaleString('en')} more`);
  return rows;
}

/** Only the name of a node, large enough to be read from farther away. */
export function drawName({ node, x, y, width, height }: Box, fonts: Fonts): SVGTextElement {
  const size = node.kind === 'process' ? 16 : 22;
  const font = fonts.label.replace(/\d+px/, `${size}px`);
  const name = cut(node.kind === 'process' ? (node.detail ?? node.label) : node.label, font, width - 16);
  const at = { x: Math.round(x + width / 2), y: Math.round(y + Math.min(height, HEADER) / 2 + size / 3) };
  return svg('text', { class: `big ${node.kind}`, 'data-id': node.id, 'text-anchor': 'middle', ...at }, name);
}

const SVG = 'http://www.w3.org/2000/svg';

type Attributes = Record<string, string | number | boolean | undefined>;

function fill<E extends Element>(element: E, attributes: Attributes, children: readonly (Node | string)[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children);
  return element;
}

/** An HTML element. Texts become text nodes: whatever they hold, it is shown and never run. */
export function html<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element, as `html`. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, tag) as SVGElementTagNameMap[K], attributes, children);
}

/** One line without characters that hide or reorder text: names come from anywhere. */
export function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
}

/** The same of a text of several lines. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => (/[\n\t]/.test(character) ? character : ''));
}

const context = document.createElement('canvas').getContext('2d');
const widths = new Map<string, number>();

/** Pixels that a text takes in a CSS font. */
export function widthOf(text: string, font: string): number {
  const key = `${font}\n${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (context) context.font = font;
    width = context?.measureText(text).width ?? text.length * 7;
    if (widths.size > 50_000) widths.clear();
    widths.set(key, width);
  }
  return width;
}

/** A text cut with '…' so that it takes so many pixels at most. */
export function cut(text: string, font: string, width: number): string {
  // longer than anything that fits, so that a name of a megabyte is not measured
  const line = plain(text.slice(0, 400));
  if (widthOf(line, font) <= width) return line;
  let low = 0;
  let high = line.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (widthOf(`${line.slice(0, middle)}…`, font) <= width) low = middle;
    else high = middle - 1;
  }
  return `${line.slice(0, low).replace(/[\ud800-\udbff]$/, '')}…`;
}

import type { Scene } from './scene';
import css from './scene.css';

/** Pixels on one side of a picture at most: browsers refuse more. */
const MOST_PIXELS = 8_000;

/** The style sheet of the graph with the colours of the theme in place of their names. */
function resolvedStyle(): string {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string) => style.getPropertyValue(name).trim();
  const resolve = (text: string): string => {
    const next = text.replace(
      /var\((--[\w-]+)(?:,\s*([^()]*(?:\([^()]*\))?))?\)/g,
      (_, name: string, other = '') => value(name) || other || 'none',
    );
    return next === text ? next : resolve(next);
  };
  return resolve(css);
}

/** The whole graph as a file of its own, in the colours of the theme, without scripts and without anything from elsewhere. */
export function toSvg(scene: Scene): { text: string; width: number; height: number } {
  const element = scene.complete();
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = resolvedStyle();
  const background = getComputedStyle(document.documentElement).getPropertyValue('--vscode-editor-background').trim();
  const [x = 0, y = 0, width = 1, height = 1] = (element.getAttribute('viewBox') ?? '').split(' ').map(Number);
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ x, y, width, height, fill: background || 'white' }))
    paper.setAttribute(name, String(value));
  element.prepend(style, paper);
  return { text: new XMLSerializer().serializeToString(element), width, height };
}

/** The same as PNG, twice as large as on the screen where that is not too large; base64. */
export async function toPng(scene: Scene): Promise<string> {
  const { text, width, height } = toSvg(scene);
  const scale = Math.min(2, MOST_PIXELS / width, MOST_PIXELS / height);
  const image = new Image();
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
  } finally {
    URL.revokeObjectURL(url);
  }
}

// The page of the lineage panel in Chromium with a graph of so many nodes: how long until it stands, and how fluid it moves.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from '../scripts/vscode/browser.mjs';
import { describeJob } from '../server/src/atlas/job';
import { addScript, LineageBuilder } from '../server/src/features/lineage-graph';
import { parseScript } from '../server/src/language/parser';
import type { LineageGraph } from '../server/src/protocol';
import { analyseScript } from '../server/src/semantics/analyse';
import { root } from '../test/conformance/paths';
import { wideGraph } from '../test/workbench/wide-graph';

export interface PageFigures {
  nodes: number;
  edges: number;
  /** Milliseconds for graph from bound script, and from the graph's arrival to its place on the screen */
  graph: number;
  shown: number;
  /** Milliseconds that half of the frames, and 95 of 100, took at most, by what was done */
  frames: Record<string, { p50: number; p95: number }>;
}

/** The graph of the script, and the milliseconds that it took once the script was bound. */
function graphOf(nodes: number): { graph: LineageGraph; ms: number } {
  const text = wideGraph(nodes);
  const { statements } = parseScript(text, { flinkVersion: '2.3', templates: false });
  const analysis = analyseScript(
    statements.map(({ statement }) => statement),
    { flinkVersion: '2.3' },
  );
  const start = performance.now();
  const job = describeJob({ text, statements, analysis, source: { file: '' } });
  const builder = new LineageBuilder();
  const place = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const mapping = { namespace: 'prod', catalogs: new Map() };
  addScript(builder, { text, statements, analysis }, { uri: 'file:///a', job, mapping, rangeOf: () => place });
  const graph = builder.graph('wide-graph');
  return { graph, ms: performance.now() - start };
}

/** Opens the page and moves in it as people do. Needs Chromium and the built bundle. */
export async function measurePage(nodes: number): Promise<PageFigures> {
  const { graph, ms } = graphOf(nodes);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.setContent('<!DOCTYPE html><html><body></body></html>');
    await page.evaluate(() => {
      Object.assign(globalThis, {
        acquireVsCodeApi: () => ({ postMessage: () => {}, getState: () => undefined, setState: () => {} }),
      });
    });
    await page.addScriptTag({ content: readFileSync(join(root, 'dist/lineage.js'), 'utf8') });
    const shown = await page.evaluate(
      ([data, count]) =>
        new Promise<number>((resolve) => {
          const start = performance.now();
          const look = () => {
            if (document.body.dataset.ready === count) resolve(performance.now() - start);
            else requestAnimationFrame(look);
          };
          look();
          postMessage({ type: 'graph', target: { uri: 'file:///a' }, expanded: [], graph: data, complete: true }, '*');
        }),
      [graph, String(graph.nodes.length)] as const,
    );
    /** Frame times while a wheel event a frame is sent. */
    const frames = async (wheel: { deltaX: number; deltaY: number; ctrlKey?: boolean }[]) => {
      const times = await page.evaluate(
        (events) =>
          new Promise<number[]>((resolve) => {
            const target = document.querySelector('.graph')!;
            const seen: number[] = [];
            let last = 0;
            const next = (now: number) => {
              if (last) seen.push(now - last);
              last = now;
              const event = events.shift();
              if (!event) return resolve(seen);
              target.dispatchEvent(
                new WheelEvent('wheel', { ...event, clientX: 640, clientY: 420, bubbles: true, cancelable: true }),
              );
              requestAnimationFrame(next);
            };
            requestAnimationFrame(next);
          }),
        wheel,
      );
      const sorted = times.sort((a, b) => a - b);
      return { p50: sorted[sorted.length >> 1]!, p95: sorted[Math.floor(sorted.length * 0.95)]! };
    };
    const many = (event: { deltaX: number; deltaY: number; ctrlKey?: boolean }, count = 90) =>
      Array.from({ length: count }, (_, index) =>
        index % 30 < 15 ? event : { ...event, deltaX: -event.deltaX, deltaY: -event.deltaY },
      );
    /** Zooms in from everything until so many percent are reached, and waits until all of it is drawn. */
    const zoomTo = (percent: number) =>
      page.evaluate(async (wanted) => {
        const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
        const shown = () => Number.parseInt(document.querySelector('.zoom output')?.textContent ?? '', 10);
        for (let left = 40; left > 0 && !(shown() >= wanted); left--) {
          document.querySelector<HTMLButtonElement>('.zoom button:last-child')?.click();
          await nextFrame();
          await nextFrame();
        }
        for (let left = 30; left > 0; left--) await nextFrame();
      }, percent);
    const result: PageFigures['frames'] = {};
    await page.keyboard.press('0');
    result['nothing moves'] = await frames(many({ deltaX: 0, deltaY: 0 }));
    result['pan, everything in sight'] = await frames(many({ deltaX: 12, deltaY: 6 }));
    result['zoom from everything to the names and back'] = await frames(
      many({ deltaX: 0, deltaY: -22, ctrlKey: true }),
    );
    await page.keyboard.press('0');
    await zoomTo(25);
    result['pan, names'] = await frames(many({ deltaX: 60, deltaY: 40 }));
    await zoomTo(56);
    result['pan, as many cards in full as fit'] = await frames(many({ deltaX: 60, deltaY: 40 }));
    await zoomTo(100);
    result['pan, cards in full'] = await frames(many({ deltaX: 60, deltaY: 40 }));
    result['zoom, cards in full'] = await frames(many({ deltaX: 0, deltaY: 6, ctrlKey: true }));
    await page.keyboard.press('c');
    await page.waitForFunction(() => document.body.dataset.layouts === '2', undefined, { timeout: 120_000 });
    result['pan, cards with columns'] = await frames(many({ deltaX: 60, deltaY: 40 }));
    return { nodes: graph.nodes.length, edges: graph.edges.length, graph: ms, shown, frames: result };
  } finally {
    await browser.close();
  }
}

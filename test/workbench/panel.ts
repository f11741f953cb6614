/// <reference lib="dom" />
// Drives the lineage panel of a session: what stands on its page, and what people do there.
import { expect } from 'vitest';
import type { Session } from './session';

/** What is drawn in which colour, by what the theme calls that colour. */
const COLOURS = [
  ['body', 'background-color', '--vscode-editor-background'],
  ['.dataset .card', 'fill', '--vscode-editorWidget-background'],
  ['.dataset .label', 'fill', '--vscode-editor-foreground'],
  ['.edge:not(.on)', 'stroke', '--vscode-descriptionForeground'],
] as const;

/** The panel; its elements are looked for anew each time, so that it may be reloaded meanwhile. */
export function panelOf({ page: workbench }: Session) {
  const page = workbench.page;
  const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  const graph = frame.locator('.graph');
  const searchBox = frame.locator('.search input');
  const exactly = (text: string) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
  const node = (id: string) => frame.locator(`.node[data-id=${JSON.stringify(id)}]`);

  /** Waits until the cursor is in a line of the script beside the panel, 1-based; the panel has the keys again afterwards. */
  const expectLine = async (line: number) => {
    const place = page.locator('#status\\.editor\\.selection');
    const look = async () => {
      await page.keyboard.press('Control+1');
      return (await place.allInnerTexts()).join();
    };
    await expect.poll(look, { timeout: 10_000 }).toContain(`Ln ${line},`);
    await graph.focus();
  };
  /** Clicks on a node, with everything in sight and nothing else chosen. */
  const choose = async (id: string) => {
    await graph.press('Escape');
    await graph.press('0');
    await node(id).locator('.label').click();
  };
  const chooseExport = async (format: string) => {
    await frame.getByRole('button', { name: /^Export/ }).click();
    await workbench.waitForQuickInput('Export the lineage of');
    await workbench.quickInput().fill(format);
    await page.keyboard.press('Enter');
  };

  return {
    frame,
    graph,
    searchBox,
    node,
    choose,
    expectLine,
    chooseExport,
    /** The card of a dataset by its name */
    label: (text: string) => frame.locator('.dataset .label, .big.dataset', { hasText: exactly(text) }),
    /** A process by the name of its job */
    process: (job: string) => frame.locator('.process .label, .big.process', { hasText: exactly(job) }),
    column: (id: string, name: string) => node(id).locator(`.column[data-column=${JSON.stringify(name)}]`),
    handle: (id: string, what: 'show' | 'hide', direction: 'up' | 'down') =>
      node(id).locator(`.handle.${what}.${direction}`),
    button: (name: string) => frame.getByRole('button', { name, exact: true }),
    title: () => frame.locator('h1').innerText(),
    /** What is read out */
    says: () => frame.locator('.says').textContent(),
    hits: () => frame.locator('.hits').textContent(),
    details: (text: string) => frame.locator('.details', { hasText: text }),

    /** The chosen nodes by their ids, and columns as 'id name'. */
    chosen: () =>
      frame.locator('.node.chosen, .column.chosen').evaluateAll((elements) =>
        elements.map((element) => {
          const column = element.getAttribute('data-column');
          const id = element.closest('.node')?.getAttribute('data-id');
          return column === null ? id : `${id} ${column}`;
        }),
      ),

    press: (key: string, on = graph) => on.press(key),

    search: async (text: string) => {
      await graph.press('f');
      await searchBox.fill(text);
    },

    /** Clicks into the middle of a line. */
    clickLine: async (selector: string) => {
      const { x, y } = await frame
        .locator(selector)
        .first()
        .evaluate((element) => {
          const path = element as SVGPathElement;
          const middle = path.getPointAtLength(path.getTotalLength() / 2);
          const at = middle.matrixTransform(path.getScreenCTM()!);
          const { left, top } = document.querySelector('.graph')!.getBoundingClientRect();
          return { x: at.x - left, y: at.y - top };
        });
      await graph.click({ position: { x, y } });
    },

    /** Exports into a file where the dialog proposes it, and gives the file's name. */
    export: async (format: string) => {
      await chooseExport(format);
      await workbench.waitForQuickInput('Save the Lineage');
      // the dialog proposes a name a little later
      await expect.poll(() => workbench.quickInput().inputValue(), { timeout: 10_000 }).toMatch(/\.\w+$/);
      await page.keyboard.press('Enter');
      const message = await workbench.notification(/^Saved /);
      await workbench.clearNotifications();
      return message.replace(/^Saved (.*)\.$/, '$1');
    },

    /** What on the page could do something or load something, and texts that reorder others. */
    harm: () =>
      frame.locator('body').evaluate((body) => ({
        active: body.querySelectorAll('img, a, iframe, object, embed, form, style, link, foreignObject').length,
        scripts: document.scripts.length,
        reordered: /[\u202a-\u202e\u2066-\u2069]/.test(body.textContent ?? ''),
        title: document.title,
        // nothing stands out of the page, and no card is wider than cards are
        tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        wideCards: [...body.querySelectorAll('.node .card')].filter((card) => Number(card.getAttribute('width')) > 280)
          .length,
      })),

    /** The colours on the page, and those of the theme that they should be. */
    colours: async () => {
      await expect.poll(() => frame.locator('.dataset .label').count()).toBeGreaterThan(0);
      return frame.locator('body').evaluate((body, all) => {
        const probe = document.createElement('i');
        body.append(probe);
        const result = { drawn: {} as Record<string, string>, named: {} as Record<string, string> };
        for (const [selector, property, variable] of all) {
          const element = document.querySelector(selector);
          probe.style.color = `var(${variable})`;
          result.drawn[selector] = element ? getComputedStyle(element).getPropertyValue(property) : 'nothing';
          result.named[selector] = getComputedStyle(probe).color;
        }
        probe.remove();
        return result;
      }, COLOURS);
    },
  };
}

// One real workbench for a test file: a copy of a folder, the packaged extension, a Chromium window on it.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterEach, expect } from 'vitest';
import { buildAndPackage } from '../../scripts/package.mjs';
import { launchBrowser } from '../../scripts/vscode/browser.mjs';
import { openWorkbench, type WorkbenchPage } from '../../scripts/vscode/page.mjs';
import { startWorkbench, type Workbench } from '../../scripts/vscode/workbench.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/** The folder with the sample shop. */
export const samples = path.join(root, 'samples');

/** Where screenshots of a run are kept, to be looked at. */
export const artifacts = path.join(root, 'test/artifacts');

export interface SessionOptions {
  /** Copied, so that a test can change it */
  from?: string;
  /** Written over the copy: path in the folder to content */
  files?: Record<string, string>;
  /** The last touch to the folder, before it is opened */
  prepare?: (folder: string) => void;
  settings?: Record<string, unknown>;
  env?: Record<string, string>;
  /** Further arguments of VS Code's server */
  args?: string[];
  /** A file to open at once, and the size of the window */
  open?: string;
  width?: number;
  height?: number;
  /** Folders of the copy to open as a workspace of several, in place of the copy itself */
  roots?: string[];
  /** Rows of the catalog are copied too, unless this is true */
  withoutCatalog?: boolean;
}

export interface Session {
  page: WorkbenchPage;
  folder: string;
  /** Where all that the workbench writes is: the folder, its data, the outbox */
  base: string;
  workbench: Workbench;
  /** Keeps what is on the screen under a name: 'atlas-hover' */
  keep: (name: string) => Promise<void>;
  stop: () => Promise<void>;
}

/** Opens a workbench; whoever asked for it stops it. */
export async function openSession(options: SessionOptions = {}): Promise<Session> {
  const base = mkdtempSync(path.join(os.tmpdir(), 'flink-sql-workbench-'));
  // The last part of the path is what people read
  const folder = path.join(base, 'shop');
  mkdirSync(folder);
  if (options.from) {
    const filter = (file: string) => !(options.withoutCatalog && path.basename(file) === '.flink-atlas');
    cpSync(options.from, folder, { recursive: true, filter });
  }
  for (const [name, content] of Object.entries(options.files ?? {})) writeFileSync(path.join(folder, name), content);
  options.prepare?.(folder);
  const opened = options.roots ? path.join(base, 'shop.code-workspace') : folder;
  if (options.roots) {
    const folders = options.roots.map((root) => ({ path: path.join('shop', root) }));
    writeFileSync(opened, JSON.stringify({ folders }));
  }

  let workbench: Workbench | undefined;
  let browser: Browser | undefined;
  const stop = async () => {
    await browser?.close();
    await workbench?.stop();
    rmSync(base, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    workbench = await startWorkbench({
      folder: opened,
      data: path.join(base, 'data'),
      vsix: await packagedExtension(),
      settings: {
        'editor.hover.delay': 100,
        'editor.minimap.enabled': false,
        // All rows of the Problems panel are on the screen
        'workbench.panel.opensMaximized': 'always',
        ...options.settings,
      },
      env: { FLINK_SQL_OUTBOX: path.join(base, 'outbox'), ...options.env },
      ...(options.args ? { args: options.args } : {}),
    });
    browser = await launchBrowser();
    const page = await openWorkbench(browser, workbench, {
      file: options.open && path.join(folder, options.open),
      width: options.width,
      height: options.height,
    });
    return {
      page,
      folder,
      base,
      workbench,
      stop,
      keep: (name) => page.screenshot(path.join(artifacts, `${name}.png`)),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** After each test that failed, keeps what was on the screen under the test's name. */
export function keepFailures(current: () => Session | undefined): void {
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await current()?.keep(`failed-${task.name.replace(/\W+/g, '-').slice(0, 80)}`);
  });
}

/** Writes entities as a workspace catalog keeps them. */
export function writeCatalog(
  folder: string,
  entities: readonly {
    typeName: string;
    attributes: Record<string, unknown>;
    relationshipAttributes?: Record<string, unknown>;
    classifications?: { typeName: string }[];
  }[],
): void {
  for (const entity of entities) {
    const directory = path.join(folder, '.flink-atlas', entity.typeName);
    mkdirSync(directory, { recursive: true });
    const name = createHash('sha1').update(String(entity.attributes.qualifiedName)).digest('hex');
    writeFileSync(path.join(directory, `${name}.json`), JSON.stringify(entity));
  }
}

/** Nothing of a hostile text has become an image, a link to a command, an icon or text that is turned around. */
export async function expectPlain({ page: { page } }: Session, where: string): Promise<void> {
  const active = 'img, a[href*="command:"], a[data-href*="command:"], .codicon-trash, .codicon-error';
  const found = await page
    .locator(where)
    .locator(active)
    .evaluateAll((all) => all.map((one) => one.outerHTML));
  expect(found).toEqual([]);
  const text = (await page.locator(where).allInnerTexts()).join('');
  expect(text.match(/[\u202a-\u202e\u2066-\u2069]/)).toBeNull();
  expect(await page.title()).not.toBe('1');
}

/** The .vsix that scripts/test.mjs has made; made here when a test is run alone. */
async function packagedExtension(): Promise<string> {
  const made = process.env.FLINK_SQL_VSIX ?? (await buildAndPackage(path.join(root, '.cache/flink-sql-atlas.vsix')));
  process.env.FLINK_SQL_VSIX = made;
  return made;
}

// Drives a workbench that is open in Chromium, as its user would: keys, mouse, and what stands on the screen.
import { mkdirSync } from 'node:fs';
import path from 'node:path';

/** How long anything may take to appear, in milliseconds; shorter while a test is being written. */
const PATIENCE = Number(process.env.FLINK_SQL_PATIENCE ?? 30_000);

/** How long one hover may take before it is tried anew, in milliseconds. */
const HOVER_PATIENCE = 4_000;

/** How long a command or file may take to appear in the palette before that is opened anew, in milliseconds. */
const PALETTE_PATIENCE = 5_000;

/**
 * Opens the workbench in a new window.
 * @param {import('playwright-core').Browser} browser
 * @param {import('./workbench.mjs').Workbench} workbench
 * @param {{ file?: string, payload?: [string, string][], width?: number, height?: number,
 *   prepare?: (page: import('playwright-core').Page) => Promise<void> }} [options] `prepare` runs before anything is loaded
 * @returns {Promise<WorkbenchPage>} when the workbench is on the screen, and the file too when one was asked for
 */
export async function openWorkbench(browser, workbench, { file, payload, width = 1280, height = 800, prepare } = {}) {
  const context = await browser.newContext({ viewport: { width, height } });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  await prepare?.(page);
  await page.goto(workbench.urlFor({ file, payload }));
  await page.locator('.monaco-workbench .part.statusbar').waitFor();
  const opened = new WorkbenchPage(page);
  if (file) await opened.waitForFile(path.basename(file));
  return opened;
}

export class WorkbenchPage {
  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
  }

  async close() {
    await this.page.context().close();
  }

  // --------------------------------------------------------------------------------------------------------- editor

  /**
   * Waits until the file is the active editor and its text is on the screen.
   * @param {string} name
   */
  async waitForFile(name) {
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.page.locator('.editor-instance .view-lines .view-line').first().waitFor();
  }

  /**
   * Opens a file of the folder by its name through "Go to File". Tries again: on a slow machine a webview that was active
   * gets the focus back late, which closes what has been opened meanwhile.
   * @param {string} name
   */
  async openFile(name) {
    const input = this.quickInput();
    // Files that were open before stand in the list until it has been filtered
    const chosen = this.page.locator('.quick-input-widget:visible .monaco-list-row.focused', {
      hasText: path.basename(name),
    });
    const tab = this.page.locator(`.tab.active[data-resource-name="${path.basename(name)}"]`).first();
    for (const end = Date.now() + PATIENCE; ; ) {
      try {
        await this.page.keyboard.press('Control+P');
        await input.fill(name, { timeout: PALETTE_PATIENCE });
        await chosen.waitFor({ timeout: PALETTE_PATIENCE });
        await this.page.keyboard.press('Enter');
        await tab.waitFor({ timeout: PALETTE_PATIENCE });
        break;
      } catch (error) {
        if (Date.now() > end) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
    await this.waitForFile(path.basename(name));
  }

  /**
   * Puts the cursor at a place, 1-based, and scrolls there.
   * @param {number} line
   */
  async goTo(line, column = 1) {
    await this.page.keyboard.press('Control+G');
    await this.quickInput().fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.quickInput().waitFor({ state: 'hidden' });
  }

  /**
   * Where a piece of text stands on the screen.
   * @param {string} line a piece of the line that is meant, enough to tell it from other lines that are visible
   * @param {string} word the text in it
   */
  async place(line, word) {
    const handle = await this.page.waitForFunction(
      ([wanted, text]) => {
        for (const row of document.querySelectorAll('.editor-instance .view-lines .view-line')) {
          const plain = row.textContent.replaceAll('\u00a0', ' ');
          if (!plain.includes(wanted)) continue;
          // Lines that are scrolled away may still be there
          const line = row.getBoundingClientRect();
          const editor = row.closest('.overflow-guard').getBoundingClientRect();
          if (line.top < editor.top || line.bottom > editor.bottom) continue;
          const start = plain.indexOf(text, plain.indexOf(wanted));
          if (start < 0) continue;
          const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
          const range = document.createRange();
          let seen = 0;
          let open = false;
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (!open && start < seen + node.length) {
              range.setStart(node, start - seen);
              open = true;
            }
            if (open && start + text.length <= seen + node.length) {
              range.setEnd(node, start + text.length - seen);
              const { x, y, width, height } = range.getBoundingClientRect();
              return { x, y, width, height };
            }
            seen += node.length;
          }
        }
        return null;
      },
      [line, word],
      { timeout: PATIENCE },
    );
    return handle.jsonValue();
  }

  /**
   * Rests the mouse on a word until its hover contains what is waited for, and gives the hover's text. Tries again now and
   * then, as people do: a hover that was opened before the language server was there stays as it is.
   * @param {string} line see `place`
   * @param {string} word
   * @param {RegExp | string} expected
   * @returns {Promise<string>}
   */
  async hover(line, word, expected) {
    const card = this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content', { hasText: expected }).first();
    for (let left = PATIENCE; ; left -= HOVER_PATIENCE) {
      // A code lens that comes meanwhile moves the line
      const { x, y, width, height } = await this.place(line, word);
      await this.page.mouse.move(x + width / 2, y + height * 3);
      await this.page.mouse.move(x + width / 2, y + height / 2, { steps: 4 });
      try {
        await card.waitFor({ timeout: HOVER_PATIENCE });
        return plainText(await card.innerText());
      } catch (error) {
        if (left <= HOVER_PATIENCE) throw error;
        await this.leave();
      }
    }
  }

  /** Takes the mouse away, so that no hover stays open. */
  async leave() {
    await this.page.mouse.move(2, 2);
    await this.page.keyboard.press('Escape');
  }

  /**
   * Types text at the cursor.
   * @param {string} text
   */
  async type(text) {
    await this.page.keyboard.type(text);
  }

  /** How many error squiggles are on the screen. */
  squiggles() {
    return this.page.locator('.editor-instance .squiggly-error');
  }

  /**
   * What the Problems panel shows, one text a problem, in the order of the file. Opens and closes the panel; only what fits
   * on the screen is seen.
   * @param {number} count how many there must be at least; waits for as many
   * @returns {Promise<{ text: string, line: number, column: number }[]>} places are 1-based
   */
  async problems(count) {
    await this.command('Problems: Focus on Problems View');
    const panel = this.page.locator('.markers-panel');
    const rows = panel.locator('.monaco-list-row', { hasText: /\[Ln \d+, Col \d+\]/ });
    if (count) await rows.nth(count - 1).waitFor();
    else await panel.getByText('No problems have been detected in the workspace.').waitFor();
    const texts = (await rows.allInnerTexts()).map(plainText);
    await this.page.keyboard.press('Control+J');
    await panel.waitFor({ state: 'hidden' });
    const problems = texts.map((text) => {
      const [, line, column] = /\[Ln (\d+), Col (\d+)\]/.exec(text);
      return { text: text.replaceAll('\n', ' '), line: Number(line), column: Number(column) };
    });
    // The panel has the worst on top
    return problems.sort((a, b) => a.line - b.line || a.column - b.column);
  }

  // --------------------------------------------------------------------------------------- palette and quick input

  quickInput() {
    return this.page.locator('.quick-input-widget:visible input.input');
  }

  /**
   * Waits for the quick pick or input box with this title.
   * @param {string | RegExp} title
   */
  async waitForQuickInput(title) {
    await this.page.locator('.quick-input-widget:visible .quick-input-title', { hasText: title }).waitFor();
  }

  /**
   * The visible row of a quick pick that contains a text.
   * @param {string | RegExp} text
   */
  quickRow(text) {
    return this.page
      .locator('.quick-input-widget:visible .quick-input-list .monaco-list-row', { hasText: text })
      .first();
  }

  /**
   * The texts of all rows on the screen of the open quick pick.
   * @returns {Promise<string[]>}
   */
  async quickRows() {
    const rows = await this.page
      .locator('.quick-input-widget:visible .quick-input-list .monaco-list-row')
      .allInnerTexts();
    return rows.map(plainText);
  }

  /** What stands under the input box: the prompt, or why the value was refused. */
  quickMessage() {
    return this.page.locator('.quick-input-widget:visible .quick-input-message');
  }

  /**
   * Runs a command through the palette. `settle: false` does not wait until the palette has gone.
   * @param {string} title
   * @param {{ settle?: boolean }} [options]
   */
  async command(title, { settle = true } = {}) {
    const row = this.page.locator('.quick-input-widget:visible .monaco-list-row.focused', { hasText: title });
    for (const end = Date.now() + PATIENCE; ; ) {
      await this.page.keyboard.press('F1');
      await this.quickInput().fill(`>${title}`);
      try {
        await row.waitFor({ timeout: PALETTE_PATIENCE });
        break;
      } catch (error) {
        if (Date.now() > end) throw error;
        // a palette that is open does not notice commands that come
        await this.page.keyboard.press('Escape');
      }
    }
    await this.page.keyboard.press('Enter');
    if (settle)
      await this.page
        .locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`)
        .first()
        .waitFor({ state: 'hidden' });
  }

  /**
   * Opens the quick fixes at the cursor and waits for one of them. Tries again: what comes into the editor meanwhile, such
   * as a lens, closes them.
   * @param {string} title
   * @returns {Promise<import('playwright-core').Locator>} the fix
   */
  async quickFix(title) {
    const fix = this.page.getByText(title);
    for (const end = Date.now() + PATIENCE; ; ) {
      await this.page.keyboard.press('Control+.');
      try {
        await fix.waitFor({ timeout: PALETTE_PATIENCE });
        return fix;
      } catch (error) {
        if (Date.now() > end) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  // ------------------------------------------------------------------------------------------------- notifications

  /**
   * The notification whose message contains a text.
   * @param {string | RegExp} expected
   */
  toast(expected) {
    const message = this.page.locator('.notification-list-item-message', { hasText: expected });
    return this.page.locator('.notifications-toasts .notification-list-item', { has: message }).first();
  }

  /**
   * Waits for a notification with this text and gives its message.
   * @param {string | RegExp} expected
   * @returns {Promise<string>}
   */
  async notification(expected) {
    const toast = this.toast(expected);
    await toast.waitFor();
    return plainText(await toast.locator('.notification-list-item-message').innerText());
  }

  /**
   * Presses a button of the notification with this text.
   * @param {string | RegExp} expected
   * @param {string} button
   */
  async pressInNotification(expected, button) {
    const toast = this.toast(expected);
    await toast.hover();
    await toast.locator('.monaco-text-button', { hasText: button }).click();
  }

  async clearNotifications() {
    await this.command('Notifications: Clear All Notifications');
  }

  /**
   * The modal dialog with this text.
   * @param {string | RegExp} expected
   */
  dialog(expected) {
    return this.page.locator('.monaco-dialog-box', { hasText: expected });
  }

  // ------------------------------------------------------------------------------------------------------ side bar

  /**
   * Shows a view container of the activity bar by its title.
   * @param {string} title
   */
  async showView(title) {
    const icon = this.page.locator(`.activitybar .action-item:has(a[aria-label^="${title}"])`).first();
    await icon.waitFor();
    if (!(await icon.getAttribute('class'))?.includes('checked')) await icon.locator('a').click();
  }

  /**
   * Rows of the tree in the side bar that contain a text.
   * @param {string | RegExp} text
   */
  treeRow(text) {
    return this.page.locator('.sidebar .monaco-list-row', { hasText: text });
  }

  /**
   * The texts of all rows on the screen of the tree in the side bar, indented by level.
   * @returns {Promise<string[]>}
   */
  async treeRows() {
    const rows = await this.page.locator('.sidebar .pane-body .monaco-list-row').all();
    const texts = [];
    for (const row of rows) {
      const level = Number(await row.getAttribute('aria-level'));
      const parts = await row.locator('.label-name, .label-description').allInnerTexts();
      texts.push('  '.repeat(level - 1) + parts.map(plainText).filter(Boolean).join(' '));
    }
    return texts;
  }

  /**
   * Expands a row of the tree, when it is not.
   * @param {string | RegExp} text
   */
  async expand(text) {
    const row = this.treeRow(text).first();
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) === 'false') await row.locator('.monaco-tl-twistie').click();
  }

  // ----------------------------------------------------------------------------------------------------- the window

  /**
   * Saves what is on the screen, or a part of it, as PNG.
   * @param {string} file
   * @param {import('playwright-core').PageScreenshotOptions} [options]
   */
  async screenshot(file, options = {}) {
    mkdirSync(path.dirname(file), { recursive: true });
    await this.page.screenshot({ path: file, animations: 'disabled', ...options });
  }
}

/** Text as people read it: no-break spaces as spaces, no blank lines, no spaces at the ends. */
function plainText(text) {
  return text
    .replaceAll('\u00a0', ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join('\n');
}

// The lineage panel in a real workbench: opened, searched, expanded, driven by keys, exported, restored.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepFailures, openSession, type Session, samples } from './session';

/** The page inside the panel's two frames. */
function panelOf({ page }: Session) {
  return page.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
}

const node = (session: Session, label: string) =>
  panelOf(session).locator('.node', { has: panelOf(session).locator('.label', { hasText: new RegExp(`^${label}$`) }) });

describe('the lineage of a sample', () => {
  let session: Session;
  beforeAll(async () => {
    session = await openSession({ from: samples, open: 'enrich-orders.flink.sql', height: 900 });
  });
  keepFailures(() => session);
  afterAll(() => session?.stop());

  it('is shown beside the script', async () => {
    const { page } = session;
    await page.command('Flink SQL: Show Lineage');
    await node(session, 'orders').waitFor();
    await node(session, 'enriched_orders').waitFor();
    await panelOf(session).locator('.handle').first().waitFor();
    await session.keep('lineage-beside');
    expect(await panelOf(session).locator('h1').textContent()).toBe('enrich-orders 3 datasets');
  });
});

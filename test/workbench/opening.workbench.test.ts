// What opening files of 100 tables asks of a real Atlas when a real VS Code does it, with the tree of jobs in sight.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAtlas, whyNoAtlas } from '../../scripts/atlas/atlas.mjs';
import { CountingProxy, isOnce, scriptOf } from '../lsp/opening';
import { keepFailures, openSession, type Session } from './session';

const missing = whyNoAtlas();

describe.skipIf(missing)(`files of 100 tables${missing ? ` (${missing})` : ''}`, () => {
  let atlas: Awaited<ReturnType<typeof startAtlas>>;
  let proxy: CountingProxy;
  let session: Session;

  beforeAll(async () => {
    atlas = await startAtlas();
    proxy = await CountingProxy.before(atlas.url);
    session = await openSession({
      files: { 'first.fql': scriptOf('first'), 'second.fql': scriptOf('second') },
      open: 'first.fql',
      settings: { 'flinkSql.atlas.connections': { prod: { url: proxy.url, namespace: 'prod' } } },
      env: { FLINK_SQL_ATLAS_USER: atlas.user, FLINK_SQL_ATLAS_PASSWORD: atlas.password },
    });
  });
  keepFailures(() => session);
  afterAll(async () => {
    await session?.stop();
    proxy?.stop();
    await atlas?.stop();
  });

  /** Waits for the lenses and a card, and answers what was asked for them, but for what is asked once for a connection. */
  const settled = async () => {
    const { page } = session;
    await page.goTo(105);
    await page.page.locator('.codelens-decoration', { hasText: 'not published yet' }).first().waitFor();
    await page.hover('INSERT INTO t1 ', 't1', 'does not know this Kafka topic yet');
    await page.leave();
    return proxy.take().filter((request) => !isOnce(request));
  };

  it('cost at most three requests each', async () => {
    const { page } = session;
    const cold = await settled();
    expect(cold.length).toBeLessThanOrEqual(3);
    expect(cold.length).toBeGreaterThan(0);
    await page.showView('Atlas: Flink jobs');
    await page.page.locator('.sidebar .pane-body').getByText('No Flink jobs are registered yet').waitFor();
    // the list of jobs
    proxy.take();
    await page.openFile('second.fql');
    const warm = await settled();
    await session.keep('opening-100-tables');
    expect(warm.length).toBeLessThanOrEqual(3);
    expect(warm.length).toBeGreaterThan(0);
  });
});

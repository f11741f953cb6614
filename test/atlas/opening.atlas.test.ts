// What opening a file of 100 tables asks of a real Atlas in all: for cards, findings, lenses and the tree together.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAtlas, whyNoAtlas } from '../../scripts/atlas/atlas.mjs';
import { AtlasServer } from '../../server/src/atlas/atlasServer';
import { applyPublish, planPublish } from '../../server/src/atlas/publish';
import type { Secret } from '../../server/src/protocol';
import { costOfOpening, scriptOf } from '../lsp/opening';
import { describeScript } from './jobs';

const problem = whyNoAtlas();

describe.skipIf(problem)(`a file of 100 tables is opened${problem ? ` (${problem})` : ''}`, () => {
  let atlas: Awaited<ReturnType<typeof startAtlas>>;
  let secret: Secret;

  beforeAll(async () => {
    atlas = await startAtlas();
    secret = { type: 'basic', user: atlas.user, password: atlas.password };
    const store = new AtlasServer({ name: 'test', url: atlas.url, namespace: 'prod', timeout: 60_000 }, secret);
    for (const name of ['other', 'published', 'twin']) {
      const job = describeScript(scriptOf(name, 'common'));
      await applyPublish(store, await planPublish(store, job), { types: 'create' });
    }
  });
  afterAll(() => atlas?.stop());

  test.each([
    ['that is published', ['published', 'twin'], 'common'],
    ['that is not', ['new', 'newer'], undefined],
  ])('of a job %s', async (_, names, shared) => {
    const scripts = names.map((name) => ({ name, text: scriptOf(name, shared) }));
    const [connecting, cold, warm] = await costOfOpening(atlas.url, secret, scripts);
    expect(connecting).toEqual(['GET /v2/types/typedefs', 'GET /v2/types/typedefs/headers']);
    expect(cold).toHaveLength(2);
    expect(warm).toHaveLength(shared ? 1 : 2);
  });
});

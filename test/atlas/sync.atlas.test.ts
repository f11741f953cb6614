// A workspace catalog and a real Apache Atlas, compared and made alike.
import { afterAll, beforeAll, describe } from 'vitest';
import { startAtlas, whyNoAtlas } from '../../scripts/atlas/atlas.mjs';
import { AtlasServer } from '../../server/src/atlas/atlasServer';
import { syncContract } from './sync-contract';

const problem = whyNoAtlas();

describe.skipIf(problem)(`real Atlas${problem ? ` (${problem})` : ''}`, () => {
  let atlas: Awaited<ReturnType<typeof startAtlas>>;
  beforeAll(async () => {
    atlas = await startAtlas();
  });
  afterAll(async () => {
    await atlas?.stop();
  });

  const connect = (namespace: string) =>
    new AtlasServer(
      { name: 'test', url: atlas.url, namespace, timeout: 30_000 },
      { type: 'basic', user: atlas.user, password: atlas.password },
    );

  syncContract('a workspace catalog and Atlas', connect, async (store, job) => {
    for (;;) {
      const { entities } = await store.search({ typeName: 'flink_application', offset: 0, limit: 100 });
      if (entities.some(({ attributes }) => attributes.qualifiedName === job)) return;
    }
  });
});
